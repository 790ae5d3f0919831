/** Tests of the immutable state. */
@NullMarked
package io.kubra.store.image;

import org.jspecify.annotations.NullMarked;
