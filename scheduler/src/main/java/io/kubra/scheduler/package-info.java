/**
 * Chooses a node for each pod. One virtual thread decides, pod after pod, on a cache that follows
 * the API server and already holds its own decisions; bindings are sent by further threads.
 */
@NullMarked
package io.kubra.scheduler;

import org.jspecify.annotations.NullMarked;
