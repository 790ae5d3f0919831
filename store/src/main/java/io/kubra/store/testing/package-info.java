/** Stores for tests of what is built on one. */
@NullMarked
package io.kubra.store.testing;

import org.jspecify.annotations.NullMarked;
