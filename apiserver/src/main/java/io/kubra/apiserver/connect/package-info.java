/**
 * Subresources that are connections: logs, exec, attach and port-forward go to the node's API,
 * proxies to nodes, pods and services. Upgrades pass through as raw bytes, so the node speaks
 * whatever protocol the client chose. Each connection is served on its request's virtual thread and
 * one more for the other direction.
 */
@NullMarked
package io.kubra.apiserver.connect;

import org.jspecify.annotations.NullMarked;
