/** What the scheduler counts, under upstream's names. Safe for many threads. */
@NullMarked
package io.kubra.scheduler.metrics;

import org.jspecify.annotations.NullMarked;
