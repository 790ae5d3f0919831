package io.kubra.apiserver.admission;

import io.kubra.metrics.Histogram;
import io.kubra.metrics.HistogramFamily;
import io.kubra.metrics.MetricRegistry;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiFunction;

/** How long admission takes, step by step and plugin by plugin, under upstream's names. */
public final class AdmissionMetrics {
  private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5};

  private final HistogramFamily steps;
  private final HistogramFamily controllers;

  public AdmissionMetrics(MetricRegistry registry) {
    steps =
        registry.histogram(
            "apiserver_admission_step_admission_duration_seconds",
            "Admission latency by step (admit or validate) and operation.",
            SECONDS,
            "operation",
            "rejected",
            "type");
    controllers =
        registry.histogram(
            "apiserver_admission_controller_admission_duration_seconds",
            "Admission latency by plugin, step (admit or validate) and operation.",
            SECONDS,
            "name",
            "operation",
            "rejected",
            "type");
  }

  /** The times of all plugins together in a step, which is {@code admit} or {@code validate}. */
  public Times step(String step) {
    return new Times((operation, rejected) -> steps.with(operation, rejected, step));
  }

  /** The times of a plugin in a step. */
  public Times controller(String plugin, String step) {
    return new Times((operation, rejected) -> controllers.with(plugin, operation, rejected, step));
  }

  /** Takes times by operation and outcome; what was looked up once is not looked up again. */
  public static final class Times {
    private final AtomicReferenceArray<Histogram> known =
        new AtomicReferenceArray<>(2 * Operation.values().length);
    private final BiFunction<String, String, Histogram> find;

    private Times(BiFunction<String, String, Histogram> find) {
      this.find = find;
    }

    /** Does something and takes its time; an exception is a refusal. */
    public void take(Operation operation, Runnable work) {
      long start = System.nanoTime();
      boolean rejected = true;
      try {
        work.run();
        rejected = false;
      } finally {
        histogram(operation, rejected).observeSince(start);
      }
    }

    private Histogram histogram(Operation operation, boolean rejected) {
      int at = 2 * operation.ordinal() + (rejected ? 1 : 0);
      Histogram histogram = known.get(at);
      if (histogram == null) {
        histogram = find.apply(operation.name(), String.valueOf(rejected));
        known.set(at, histogram);
      }
      return histogram;
    }
  }
}
