/**
 * The cluster as checks see it: objects as trees, commands in pods, and a workspace that leaves
 * nothing behind.
 */
@NullMarked
package io.kubra.conformance.cluster;

import org.jspecify.annotations.NullMarked;
