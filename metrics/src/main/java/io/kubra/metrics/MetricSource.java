package io.kubra.metrics;

/** Something that can say its values at the moment it is asked. */
@FunctionalInterface
public interface MetricSource {
  /** Writes all families of this source, each with its samples. */
  void write(MetricText out);
}
