package io.kubra.apiserver.admission.webhook;

import io.kubra.apiserver.admission.Operation;
import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.HistogramFamily;
import io.kubra.metrics.MetricRegistry;

/** Counts calls of webhooks under upstream's names. */
final class WebhookMetrics {
  private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25};

  private final HistogramFamily seconds;
  private final CounterFamily requests;
  private final CounterFamily rejections;
  private final CounterFamily failedOpen;
  private final CounterFamily exclusions;
  private final CounterFamily evaluationErrors;

  WebhookMetrics(MetricRegistry registry) {
    seconds =
        registry.histogram(
            "apiserver_admission_webhook_admission_duration_seconds",
            "Admission webhook latency, by name, operation and kind of webhook.",
            SECONDS,
            "name",
            "operation",
            "rejected",
            "type");
    requests =
        registry.counter(
            "apiserver_admission_webhook_request_total",
            "Requests to admission webhooks, by name, operation, kind of webhook and code.",
            "code",
            "name",
            "operation",
            "rejected",
            "type");
    rejections =
        registry.counter(
            "apiserver_admission_webhook_rejection_count",
            "Requests that admission webhooks refused, or that failed because of them.",
            "error_type",
            "name",
            "operation",
            "rejection_code",
            "type");
    failedOpen =
        registry.counter(
            "apiserver_admission_webhook_fail_open_count",
            "Webhooks that could not be asked and whose failure policy let the request pass.",
            "name",
            "type");
    exclusions =
        registry.counter(
            "apiserver_admission_match_condition_exclusions_total",
            "Requests that match conditions kept from webhooks and policies.",
            "kind",
            "name",
            "operation",
            "type");
    evaluationErrors =
        registry.counter(
            "apiserver_admission_match_condition_evaluation_errors_total",
            "Match conditions of webhooks and policies that could not be evaluated.",
            "kind",
            "name",
            "operation",
            "type");
  }

  /** Counts a request that match conditions kept from a webhook. */
  void excluded(Webhook hook, String type, Operation operation) {
    exclusions.with("webhook", hook.name(), operation.name(), type).increment();
  }

  /** Counts match conditions that could not be evaluated. */
  void notEvaluated(Webhook hook, String type, Operation operation) {
    evaluationErrors.with("webhook", hook.name(), operation.name(), type).increment();
  }

  /**
   * Counts a call.
   *
   * @param type admit or validating
   * @param code the HTTP code of the outcome
   */
  void called(
      Webhook hook, String type, Operation operation, boolean rejected, int code, long startNanos) {
    String no = String.valueOf(rejected);
    seconds.with(hook.name(), operation.name(), no, type).observeSince(startNanos);
    String shown = String.valueOf(code > 600 ? 600 : code);
    requests.with(shown, hook.name(), operation.name(), no, type).increment();
  }

  /**
   * Counts a request that does not go on.
   *
   * @param error no_error, calling_webhook_error or apiserver_internal_error
   */
  void rejected(Webhook hook, String type, Operation operation, String error, int code) {
    rejections
        .with(error, hook.name(), operation.name(), String.valueOf(code > 600 ? 600 : code), type)
        .increment();
  }

  void failedOpen(Webhook hook, String type) {
    failedOpen.with(hook.name(), type).increment();
  }
}
