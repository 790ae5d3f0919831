/**
 * Lets claims and volumes go that are deleted and no longer in use, by taking away the finalizer
 * that admission gave them.
 */
@NullMarked
package io.kubra.controllers.volumeprotection;

import org.jspecify.annotations.NullMarked;
