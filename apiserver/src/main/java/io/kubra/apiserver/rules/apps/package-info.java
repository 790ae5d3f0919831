/** Rules of the kinds in apps. */
@NullMarked
package io.kubra.apiserver.rules.apps;

import org.jspecify.annotations.NullMarked;
