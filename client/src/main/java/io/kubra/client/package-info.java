/**
 * How every part of Kubra but the API server itself sees the cluster: typed calls over HTTPS or
 * in-process, with the same semantics.
 */
@NullMarked
package io.kubra.client;

import org.jspecify.annotations.NullMarked;
