/**
 * What the scheduler knows of volumes, its own decisions that the API server has not shown yet
 * included. Reserving happens on the scheduling thread, writing and waiting on a thread for each
 * pod.
 */
@NullMarked
package io.kubra.scheduler.volume;

import org.jspecify.annotations.NullMarked;
