package io.kubra.apiserver.rules.admission;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import io.kubra.apiserver.rules.check.Labels;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules of configurations of mutating and of validating webhooks. */
public final class WebhookConfigurationRules implements KindRules {
  private static final List<String> REVIEW_VERSIONS = List.of("v1", "v1beta1");

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
    Checks checks = new Checks();
    Set<String> names = new HashSet<>();
    int i = 0;
    for (Map<String, Object> hook : Trees.maps(configuration, "webhooks")) {
      FieldPath at = FieldPath.of("webhooks").index(i++);
      String name = Trees.stringOr(hook, "", "name");
      if (name.split("\\.", -1).length < 3) {
        checks.invalid(
            at.child("name"),
            name,
            "should be a domain with at least three segments separated by dots");
      } else {
        checks.name(at.child("name"), name, Names::dns1123Subdomain);
      }
      if (!names.add(name)) {
        checks.duplicate(at.child("name"), name);
      }
      webhook(checks, at, hook);
    }
    return checks.errors();
  }

  private void webhook(Checks checks, FieldPath at, Map<String, Object> hook) {
    List<String> versions = Trees.strings(hook, "admissionReviewVersions");
    if (versions.isEmpty()) {
      checks.required(
          at.child("admissionReviewVersions"),
          "must specify one of " + String.join(", ", REVIEW_VERSIONS));
    } else if (versions.stream().noneMatch(REVIEW_VERSIONS::contains)) {
      checks.invalid(
          at.child("admissionReviewVersions"),
          versions,
          "must include at least one of " + String.join(", ", REVIEW_VERSIONS));
    }
    checks.oneOf(at.child("failurePolicy"), Trees.string(hook, "failurePolicy"), "Fail", "Ignore");
    checks.oneOf(at.child("matchPolicy"), Trees.string(hook, "matchPolicy"), "Equivalent", "Exact");
    checks.oneOf(
        at.child("sideEffects"), Trees.string(hook, "sideEffects"), "None", "NoneOnDryRun");
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
    boolean url = Trees.string(hook, "clientConfig", "url") != null;
    Map<String, Object> service = Trees.map(hook, "clientConfig", "service");
    if (url == (service != null)) {
      checks.required(at.child("clientConfig"), "exactly one of url or service is required");
    }
    if (service != null) {
      FieldPath path = at.child("clientConfig", "service");
      checks.present(path.child("name"), Trees.string(service, "name"), "service name is required");
      checks.present(
          path.child("namespace"),
          Trees.string(service, "namespace"),
          "service namespace is required");
      checks.port(path.child("port"), Trees.integer(service, "port"));
    }
    MatchRules.check(checks, at.child("rules"), Trees.maps(hook, "rules"));
  }

  @Override
  public boolean generationTracked() {
    return true;
  }
}
