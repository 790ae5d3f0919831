/**
 * Clusters on this machine: each worker is a machine of its own made of a network namespace, a
 * mount namespace, a cgroup subtree, containerd and an agent.
 */
@NullMarked
package io.kubra.cli.local;

import org.jspecify.annotations.NullMarked;
