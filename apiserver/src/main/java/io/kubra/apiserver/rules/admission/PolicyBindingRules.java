package io.kubra.apiserver.rules.admission;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules of bindings of admission policies. */
public final class PolicyBindingRules implements KindRules {
  private final boolean mutating;

  public PolicyBindingRules(boolean mutating) {
    this.mutating = mutating;
  }

  @Override
  public void applyDefaults(Map<String, Object> binding) {
    Map<String, Object> matching = Trees.map(binding, "spec", "matchResources");
    if (matching != null) {
      AdmissionPolicyRules.matching(matching);
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> binding) {
    Checks checks = new Checks();
    FieldPath spec = FieldPath.of("spec");
    checks.present(spec.child("policyName"), Trees.string(binding, "spec", "policyName"));
    Map<String, Object> reference = Trees.map(binding, "spec", "paramRef");
    if (reference != null) {
      boolean named = !Trees.stringOr(reference, "", "name").isEmpty();
      if (named == (reference.get("selector") != null)) {
        checks.forbidden(
            spec.child("paramRef", "name"), "name and selector are mutually exclusive");
      }
      checks.oneOf(
          spec.child("paramRef", "parameterNotFoundAction"),
          Trees.string(reference, "parameterNotFoundAction"),
          "Allow",
          "Deny");
    }
    Map<String, Object> matching = Trees.map(binding, "spec", "matchResources");
    if (matching != null) {
      MatchRules.checkResources(checks, spec.child("matchResources"), matching);
    }
    if (!mutating) {
      actions(checks, spec.child("validationActions"), binding);
    }
    return checks.errors();
  }

  private static void actions(Checks checks, FieldPath path, Map<String, Object> binding) {
    List<String> actions = Trees.strings(binding, "spec", "validationActions");
    if (actions.isEmpty()) {
      checks.required(path, "at least one validation action is required");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < actions.size(); i++) {
      checks.oneOf(path.index(i), actions.get(i), "Audit", "Deny", "Warn");
      if (!seen.add(actions.get(i))) {
        checks.duplicate(path.index(i), actions.get(i));
      }
    }
    if (seen.contains("Deny") && seen.contains("Warn")) {
      checks.invalid(
          path,
          actions,
          "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)");
    }
  }

  @Override
  public boolean generationTracked() {
    return true;
  }
}
