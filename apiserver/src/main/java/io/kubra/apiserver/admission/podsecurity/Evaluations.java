package io.kubra.apiserver.admission.podsecurity;

import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.Operation;
import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.MetricRegistry;

/** Counts decisions under upstream's metric names. */
final class Evaluations {
  /** The newest version that upstream's metrics tell apart; later ones are "future". */
  private static final int NEWEST = 36;

  private final CounterFamily evaluations;
  private final CounterFamily exemptions;
  private final CounterFamily errors;

  Evaluations(MetricRegistry registry) {
    evaluations =
        registry.counter(
            "pod_security_evaluations_total",
            "Number of policy evaluations that occurred, not counting ignored or exempt requests.",
            "decision",
            "mode",
            "policy_level",
            "policy_version",
            "request_operation",
            "resource",
            "subresource");
    exemptions =
        registry.counter(
            "pod_security_exemptions_total",
            "Number of exempt requests, not counting ignored or out of scope requests.",
            "request_operation",
            "resource",
            "subresource");
    errors =
        registry.counter(
            "pod_security_errors_total",
            "Number of errors preventing normal evaluation.",
            "fatal",
            "request_operation",
            "resource",
            "subresource");
  }

  void decided(boolean allowed, String mode, LevelVersion policy, AdmissionContext context) {
    evaluations
        .with(
            allowed ? "allow" : "deny",
            mode,
            policy.level().text(),
            version(policy.version()),
            operation(context),
            resource(context),
            context.subresource())
        .increment();
  }

  void exempt(AdmissionContext context) {
    exemptions.with(operation(context), resource(context), context.subresource()).increment();
  }

  void error(boolean fatal, AdmissionContext context) {
    errors
        .with(Boolean.toString(fatal), operation(context), resource(context), context.subresource())
        .increment();
  }

  private static String version(PolicyVersion version) {
    if (version.equals(PolicyVersion.LATEST) || version.minor() == NEWEST) {
      return "latest";
    }
    return version.minor() > NEWEST ? "future" : version.toString();
  }

  private static String operation(AdmissionContext context) {
    return context.operation() == Operation.CREATE ? "create" : "update";
  }

  private static String resource(AdmissionContext context) {
    return switch (context.resource().gvr().resource()) {
      case "pods" -> "pod";
      case "namespaces" -> "namespace";
      default -> "controller";
    };
  }
}
