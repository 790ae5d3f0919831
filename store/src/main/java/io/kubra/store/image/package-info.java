/**
 * The state of a store as immutable values: a sorted tree of entries, the history of changes that
 * led to it, and the image that joins the two at one revision. Pure functions, no threads, no
 * files; a new value shares almost everything with the one it came from.
 */
@NullMarked
package io.kubra.store.image;

import org.jspecify.annotations.NullMarked;
