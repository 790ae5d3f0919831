package io.kubra.apiserver.rules.admission;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.admission.expression.MatchConditions;
import io.kubra.apiserver.admission.expression.RequestExpressions;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import io.kubra.apiserver.rules.check.Labels;
import io.kubra.apiserver.rules.check.WebhookChecks;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules of configurations of mutating and of validating webhooks. */
public final class WebhookConfigurationRules implements KindRules {
  private final boolean mutating;

  public WebhookConfigurationRules(boolean mutating) {
    this.mutating = mutating;
  }

  @Override
  public void applyDefaults(Map<String, Object> configuration) {
    for (Map<String, Object> hook : Trees.maps(configuration, "webhooks")) {
      Defaults.text(hook, "failurePolicy", "Fail");
      Defaults.text(hook, "matchPolicy", "Equivalent");
      Defaults.object(hook, "namespaceSelector");
      Defaults.object(hook, "objectSelector");
      Defaults.number(hook, "timeoutSeconds", 10);
      if (mutating) {
        Defaults.text(hook, "reinvocationPolicy", "Never");
      }
      Map<String, Object> service = Trees.map(hook, "clientConfig", "service");
      if (service != null) {
        Defaults.number(service, "port", 443);
      }
      for (Map<String, Object> rule : Trees.maps(hook, "rules")) {
        Defaults.text(rule, "scope", "*");
      }
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> configuration) {
    return check(configuration, Set.of());
  }

  @Override
  public List<FieldError> validateUpdate(
      Map<String, Object> configuration, Map<String, Object> old) {
    Set<String> known = new HashSet<>();
    for (Map<String, Object> hook : Trees.maps(old, "webhooks")) {
      for (Map<String, Object> condition : Trees.maps(hook, "matchConditions")) {
        known.add(Trees.stringOr(condition, "", "expression"));
      }
    }
    return check(configuration, known);
  }

  private List<FieldError> check(Map<String, Object> configuration, Set<String> knownConditions) {
    Checks checks = new Checks();
    Set<String> names = new HashSet<>();
    int i = 0;
    for (Map<String, Object> hook : Trees.maps(configuration, "webhooks")) {
      FieldPath at = FieldPath.of("webhooks").index(i++);
      String name = Trees.stringOr(hook, "", "name");
      qualifiedName(checks, at.child("name"), name);
      if (!names.add(name)) {
        checks.duplicate(at.child("name"), name);
      }
      webhook(checks, at, hook);
      conditions(
          checks,
          at.child("matchConditions"),
          Trees.maps(hook, "matchConditions"),
          knownConditions);
    }
    return checks.errors();
  }

  private static void qualifiedName(Checks checks, FieldPath at, String name) {
    if (!checks.present(at, name)) {
      return;
    }
    checks.name(at, name, Names::dns1123Subdomain);
    if (name.split("\\.", -1).length < 3) {
      checks.invalid(at, name, "should be a domain with at least three segments separated by dots");
    }
  }

  /** Conditions must compile, unless they were there before. */
  private static void conditions(
      Checks checks, FieldPath at, List<Map<String, Object>> conditions, Set<String> known) {
    MatchRules.conditions(checks, at, conditions);
    for (int i = 0; i < conditions.size(); i++) {
      String text = Trees.stringOr(conditions.get(i), "", "expression");
      if (!text.isBlank() && !known.contains(text)) {
        String problem = MatchConditions.problem(text, RequestExpressions.ofWebhook());
        if (!problem.isEmpty()) {
          checks.invalid(at.index(i).child("expression"), text, problem);
        }
      }
    }
  }

  private void webhook(Checks checks, FieldPath at, Map<String, Object> hook) {
    List<String> versions = Trees.strings(hook, "admissionReviewVersions");
    if (versions.isEmpty()) {
      checks.required(at.child("admissionReviewVersions"), "must specify one of v1, v1beta1");
    }
    WebhookChecks.reviewVersions(checks, at.child("admissionReviewVersions"), versions);
    checks.oneOf(at.child("failurePolicy"), Trees.string(hook, "failurePolicy"), "Fail", "Ignore");
    checks.oneOf(at.child("matchPolicy"), Trees.string(hook, "matchPolicy"), "Equivalent", "Exact");
    if (checks.present(
        at.child("sideEffects"),
        Trees.string(hook, "sideEffects"),
        "must specify one of None, NoneOnDryRun")) {
      checks.oneOf(
          at.child("sideEffects"), Trees.string(hook, "sideEffects"), "None", "NoneOnDryRun");
    }
    if (mutating) {
      checks.oneOf(
          at.child("reinvocationPolicy"),
          Trees.string(hook, "reinvocationPolicy"),
          "IfNeeded",
          "Never");
    }
    Long timeout = Trees.integer(hook, "timeoutSeconds");
    if (timeout != null && (timeout < 1 || timeout > 30)) {
      checks.invalid(
          at.child("timeoutSeconds"),
          timeout,
          "the timeout value must be between 1 and 30 seconds");
    }
    Labels.selector(checks, at.child("namespaceSelector"), Trees.map(hook, "namespaceSelector"));
    Labels.selector(checks, at.child("objectSelector"), Trees.map(hook, "objectSelector"));
    WebhookChecks.client(checks, at.child("clientConfig"), Trees.map(hook, "clientConfig"));
    MatchRules.check(checks, at.child("rules"), Trees.maps(hook, "rules"));
  }

  @Override
  public boolean generationTracked() {
    return true;
  }
}
