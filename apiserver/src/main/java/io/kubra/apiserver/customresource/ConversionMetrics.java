package io.kubra.apiserver.customresource;

import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.Histogram;
import io.kubra.metrics.HistogramFamily;
import io.kubra.metrics.MetricRegistry;

/** Counts conversions by webhooks under upstream's names. */
final class ConversionMetrics {
  private static final double[] SECONDS = Histogram.exponential(0.001, 2, 15);
  private static final double[] CALL_SECONDS = {
    0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 45, 60
  };

  private final HistogramFamily conversions;
  private final HistogramFamily calls;
  private final CounterFamily requests;

  /** What went wrong with a conversion. */
  enum Failure {
    NONE(""),
    CALL("conversion_webhook_call_failure"),
    MALFORMED("conversion_webhook_malformed_response_failure"),
    PARTIAL("conversion_webhook_partial_response_failure"),
    INVALID("conversion_webhook_invalid_converted_object_failure");

    private final String label;

    Failure(String label) {
      this.label = label;
    }
  }

  ConversionMetrics(MetricRegistry registry) {
    conversions =
        registry.histogram(
            "apiserver_crd_conversion_webhook_duration_seconds",
            "Duration of conversions by the webhooks of custom resource definitions.",
            SECONDS,
            "crd_name",
            "from_version",
            "succeeded",
            "to_version");
    calls =
        registry.histogram(
            "apiserver_conversion_webhook_duration_seconds",
            "Latency of requests to conversion webhooks.",
            CALL_SECONDS,
            "failure_type",
            "result");
    requests =
        registry.counter(
            "apiserver_conversion_webhook_request_total",
            "Requests to conversion webhooks, by result and type of failure.",
            "failure_type",
            "result");
  }

  void asked(String definition, String from, String to, Failure failure, long startNanos) {
    boolean done = failure == Failure.NONE;
    String result = done ? "success" : "failure";
    conversions.with(definition, from, String.valueOf(done), to).observeSince(startNanos);
    calls.with(failure.label, result).observeSince(startNanos);
    requests.with(failure.label, result).increment();
  }
}
