/** The network configuration that the container runtime hands to CNI plugins. */
@NullMarked
package io.kubra.network.cni;

import org.jspecify.annotations.NullMarked;
