package io.kubra.apiserver.rules.admission;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import java.util.List;
import java.util.Map;

/** Rules of validating and mutating admission policies. */
public final class AdmissionPolicyRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  private final boolean mutating;

  public AdmissionPolicyRules(boolean mutating) {
    this.mutating = mutating;
  }

  @Override
  public void applyDefaults(Map<String, Object> policy) {
    Map<String, Object> spec = Defaults.object(policy, "spec");
    Defaults.text(spec, "failurePolicy", "Fail");
    Map<String, Object> matching = Trees.map(spec, "matchConstraints");
    if (matching != null) {
      matching(matching);
    }
  }

  /** Defaults of what says which requests are meant. */
  static void matching(Map<String, Object> matching) {
    Defaults.text(matching, "matchPolicy", "Equivalent");
    Defaults.object(matching, "namespaceSelector");
    Defaults.object(matching, "objectSelector");
    for (String list : List.of("resourceRules", "excludeResourceRules")) {
      for (Map<String, Object> rule : Trees.maps(matching, list)) {
        Defaults.text(rule, "scope", "*");
      }
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> policy) {
    Checks checks = new Checks();
    Map<String, Object> matching = Trees.map(policy, "spec", "matchConstraints");
    if (matching == null) {
      checks.required(SPEC.child("matchConstraints"), "");
    } else {
      List<Map<String, Object>> rules = Trees.maps(matching, "resourceRules");
      if (rules.isEmpty()) {
        checks.required(SPEC.child("matchConstraints", "resourceRules"), "");
      }
      MatchRules.check(checks, SPEC.child("matchConstraints", "resourceRules"), rules);
    }
    checks.oneOf(
        SPEC.child("failurePolicy"),
        Trees.string(policy, "spec", "failurePolicy"),
        "Fail",
        "Ignore");
    if (mutating) {
      if (Trees.list(policy, "spec", "mutations").isEmpty()) {
        checks.required(SPEC.child("mutations"), "mutations must contain at least one item");
      }
    } else {
      validations(checks, policy);
    }
    return checks.errors();
  }

  private static void validations(Checks checks, Map<String, Object> policy) {
    List<Map<String, Object>> validations = Trees.maps(policy, "spec", "validations");
    if (validations.isEmpty() && Trees.list(policy, "spec", "auditAnnotations").isEmpty()) {
      checks.required(
          SPEC.child("validations"),
          "validations or auditAnnotations must contain at least one item");
    }
    for (int i = 0; i < validations.size(); i++) {
      FieldPath at = SPEC.child("validations").index(i);
      checks.present(
          at.child("expression"),
          Trees.stringOr(validations.get(i), "", "expression").strip(),
          "expression is not specified");
      checks.oneOfOrAbsent(
          at.child("reason"),
          Trees.string(validations.get(i), "reason"),
          "Forbidden",
          "Invalid",
          "RequestEntityTooLarge",
          "Unauthorized");
    }
  }

  @Override
  public boolean generationTracked() {
    return true;
  }
}
