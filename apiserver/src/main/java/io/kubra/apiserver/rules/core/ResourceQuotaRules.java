package io.kubra.apiserver.rules.core;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.pod.ResourceChecks;
import java.util.List;
import java.util.Map;

/** Rules of resource quotas. */
public final class ResourceQuotaRules implements KindRules {
  @Override
  public List<FieldError> validate(Map<String, Object> quota) {
    Checks checks = new Checks();
    quantities(checks, FieldPath.of("spec", "hard"), Trees.map(quota, "spec", "hard"));
    int i = 0;
    for (String scope : Trees.strings(quota, "spec", "scopes")) {
      FieldPath at = FieldPath.of("spec", "scopes").index(i++);
      if (!List.of(
              "BestEffort",
              "CrossNamespacePodAffinity",
              "NotBestEffort",
              "NotTerminating",
              "PriorityClass",
              "Terminating",
              "VolumeAttributesClass")
          .contains(scope)) {
        checks.invalid(at, scope, "unsupported scope");
      }
    }
    return checks.errors();
  }

  private static void quantities(
      Checks checks,
      FieldPath path,
      @org.jspecify.annotations.Nullable Map<String, Object> values) {
    if (values != null) {
      values.forEach(
          (name, value) -> {
            checks.name(path.key(name), name, Names::qualifiedName);
            ResourceChecks.quantity(checks, path.key(name), value);
          });
    }
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> quota, Map<String, Object> old) {
    Checks checks = new Checks();
    checks.addAll(validate(quota));
    checks.immutable(
        FieldPath.of("spec", "scopes"),
        Trees.get(quota, "spec", "scopes"),
        Trees.get(old, "spec", "scopes"));
    return checks.errors();
  }

  @Override
  public List<FieldError> validateStatusUpdate(Map<String, Object> quota, Map<String, Object> old) {
    Checks checks = new Checks();
    for (String list : List.of("hard", "used")) {
      quantities(checks, FieldPath.of("status", list), Trees.map(quota, "status", list));
    }
    return checks.errors();
  }
}
