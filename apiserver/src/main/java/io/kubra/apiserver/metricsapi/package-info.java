/**
 * The resource metrics API, {@code metrics.k8s.io}: what nodes and pods use right now. One virtual
 * thread reads all nodes every 15 seconds; requests are answered from the last two readings.
 */
@NullMarked
package io.kubra.apiserver.metricsapi;

import org.jspecify.annotations.NullMarked;
