/** Tests that every store passes, whatever it is made of. */
@NullMarked
package io.kubra.store;

import org.jspecify.annotations.NullMarked;
