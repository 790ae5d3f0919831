/** What rules are built from: collecting field errors, filling in defaults, common checks. */
@NullMarked
package io.kubra.apiserver.rules.check;

import org.jspecify.annotations.NullMarked;
