/** Scales workloads by what their pods use. */
@NullMarked
package io.kubra.controllers.podautoscaler;

import org.jspecify.annotations.NullMarked;
