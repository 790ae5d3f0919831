package io.kubra.apiserver.admission.policy;

import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.HistogramFamily;
import io.kubra.metrics.MetricRegistry;

/** Counts what policies decided, under upstream's names. */
final class PolicyMetrics {
  private static final double[] SECONDS = {0.0000005, 0.001, 0.01, 0.1, 1.0};
  private static final String[] LABELS = {
    "policy", "policy_binding", "error_type", "enforcement_action"
  };

  private final CounterFamily validating;
  private final HistogramFamily validatingTimes;
  private final CounterFamily mutating;
  private final HistogramFamily mutatingTimes;

  PolicyMetrics(MetricRegistry registry) {
    validating =
        registry.counter(
            "apiserver_validating_admission_policy_check_total",
            "Decisions of validating policies, by what was done.",
            LABELS);
    validatingTimes =
        registry.histogram(
            "apiserver_validating_admission_policy_check_duration_seconds",
            "How long it took to evaluate a validating policy.",
            SECONDS,
            LABELS);
    mutating =
        registry.counter(
            "apiserver_mutating_admission_policy_check_total",
            "Mutations by policies, and refusals because of failures.",
            LABELS);
    mutatingTimes =
        registry.histogram(
            "apiserver_mutating_admission_policy_check_duration_seconds",
            "How long it took to evaluate a mutation.",
            SECONDS,
            LABELS);
  }

  /**
   * Counts a decision.
   *
   * @param failed whether the policy could not be evaluated
   * @param action allow, deny, warn or audit
   */
  void validated(String policy, String binding, boolean failed, String action, long start) {
    String error = error(failed);
    validating.with(policy, binding, error, action).increment();
    validatingTimes.with(policy, binding, error, action).observeSince(start);
  }

  /** Counts a mutation; one that failed refuses the request. */
  void mutated(String policy, String binding, boolean failed, long start) {
    String error = error(failed);
    String action = failed ? "deny" : "allow";
    mutating.with(policy, binding, error, action).increment();
    mutatingTimes.with(policy, binding, error, action).observeSince(start);
  }

  private static String error(boolean failed) {
    return failed ? "invalid_error" : "no_error";
  }
}
