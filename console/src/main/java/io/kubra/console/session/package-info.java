/** Who is logged in. */
@NullMarked
package io.kubra.console.session;

import org.jspecify.annotations.NullMarked;
