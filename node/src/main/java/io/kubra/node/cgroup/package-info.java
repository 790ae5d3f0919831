/**
 * The control groups above the containers: one for each quality-of-service class and pod.
 * Containers' own groups belong to the runtime.
 */
@NullMarked
package io.kubra.node.cgroup;

import org.jspecify.annotations.NullMarked;
