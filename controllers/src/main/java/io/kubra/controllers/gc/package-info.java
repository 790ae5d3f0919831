/**
 * The garbage collector: deletes what its owners left behind, and carries out foreground deletion
 * and orphaning.
 */
@NullMarked
package io.kubra.controllers.gc;

import org.jspecify.annotations.NullMarked;
