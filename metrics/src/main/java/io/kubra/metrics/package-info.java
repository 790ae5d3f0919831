/**
 * Counters, gauges and histograms, and the text format in which Prometheus reads them. Safe for
 * many threads; counting takes no lock. Depends on nothing, so that every component may count.
 */
@NullMarked
package io.kubra.metrics;

import org.jspecify.annotations.NullMarked;
