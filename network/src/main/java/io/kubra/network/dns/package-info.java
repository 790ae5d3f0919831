/**
 * Cluster DNS (Kubernetes DNS specification 1.1.0): Services and pods answered from informers,
 * everything else forwarded.
 */
@NullMarked
package io.kubra.network.dns;

import org.jspecify.annotations.NullMarked;
