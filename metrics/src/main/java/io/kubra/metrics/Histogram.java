package io.kubra.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;

/** Observations counted by size, in buckets with fixed upper bounds. */
public final class Histogram {
  private static final double[] DEFAULT = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

  private final double[] bounds;
  private final AtomicLongArray counts;
  private final DoubleAdder sum = new DoubleAdder();

  /**
   * A histogram.
   *
   * @param bounds the buckets' upper bounds, ascending; a last one without bound is added
   */
  public Histogram(double... bounds) {
    this.bounds = bounds;
    this.counts = new AtomicLongArray(bounds.length + 1);
  }

  /** The bounds that Prometheus' own client takes for seconds unless told otherwise. */
  public static double[] defaultSeconds() {
    return DEFAULT.clone();
  }

  /** Bounds that grow by a factor, as upstream's {@code ExponentialBuckets}. */
  public static double[] exponential(double first, double factor, int count) {
    double[] bounds = new double[count];
    double bound = first;
    for (int i = 0; i < count; i++) {
      bounds[i] = bound;
      bound *= factor;
    }
    return bounds;
  }

  /** Counts one observation; times are in seconds. */
  public void observe(double value) {
    int at = Arrays.binarySearch(bounds, value);
    counts.incrementAndGet(at < 0 ? -at - 1 : at);
    sum.add(value);
  }

  /** Counts the time that has passed since a reading of {@link System#nanoTime}. */
  public void observeSince(long nanos) {
    observe((System.nanoTime() - nanos) / 1e9);
  }

  double[] bounds() {
    return bounds;
  }

  /** The observations in each bucket alone, the one without bound last. */
  long[] counts() {
    long[] copy = new long[counts.length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = counts.get(i);
    }
    return copy;
  }

  double sum() {
    return sum.sum();
  }
}
