package io.kubra.apiserver.rules.admission;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.admission.policy.PolicyChecks;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rules of validating and mutating admission policies. */
public final class AdmissionPolicyRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final Pattern IDENTIFIER = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");
  private static final int MOST_NOTES = 20;

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
    return check(policy, null);
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> policy, Map<String, Object> old) {
    return check(policy, old);
  }

  private List<FieldError> check(Map<String, Object> policy, @Nullable Map<String, Object> old) {
    Checks checks = new Checks();
    Map<String, Object> matching = Trees.map(policy, "spec", "matchConstraints");
    if (matching == null) {
      checks.required(SPEC.child("matchConstraints"), "");
    } else {
      List<Map<String, Object>> rules = Trees.maps(matching, "resourceRules");
      if (rules.isEmpty()) {
        checks.required(SPEC.child("matchConstraints", "resourceRules"), "");
      }
      MatchRules.checkResources(checks, SPEC.child("matchConstraints"), matching);
    }
    checks.oneOf(
        SPEC.child("failurePolicy"),
        Trees.string(policy, "spec", "failurePolicy"),
        "Fail",
        "Ignore");
    paramKind(checks, Trees.map(policy, "spec", "paramKind"));
    matchConditions(checks, policy);
    variables(checks, policy);
    if (mutating) {
      mutations(checks, policy);
    } else {
      validations(checks, policy);
      auditAnnotations(checks, policy);
    }
    if (old == null || !Trees.equal(old.get("spec"), policy.get("spec"))) {
      checks.addAll(
          mutating ? PolicyChecks.mutating(policy, old) : PolicyChecks.validating(policy, old));
    }
    return checks.errors();
  }

  private static void mutations(Checks checks, Map<String, Object> policy) {
    checks.oneOf(
        SPEC.child("reinvocationPolicy"),
        Trees.string(policy, "spec", "reinvocationPolicy"),
        "IfNeeded",
        "Never");
    List<Map<String, Object>> mutations = Trees.maps(policy, "spec", "mutations");
    if (mutations.isEmpty()) {
      checks.required(SPEC.child("mutations"), "mutations must contain at least one item");
    }
    for (int i = 0; i < mutations.size(); i++) {
      FieldPath at = SPEC.child("mutations").index(i);
      String type = Trees.string(mutations.get(i), "patchType");
      checks.oneOf(at.child("patchType"), type, "ApplyConfiguration", "JSONPatch");
      for (String field : List.of("jsonPatch", "applyConfiguration")) {
        boolean wanted = field.equalsIgnoreCase(type);
        boolean given = Trees.map(mutations.get(i), field) != null;
        if (wanted && !given) {
          checks.required(at.child(field), "must be specified when patchType is " + type);
        } else if (wanted) {
          checks.present(
              at.child(field, "expression"),
              Trees.stringOr(mutations.get(i), "", field, "expression").strip(),
              "expression is not specified");
        } else if (given && type != null) {
          checks.forbidden(at.child(field), "must not be specified when patchType is " + type);
        }
      }
    }
  }

  private static void paramKind(Checks checks, @Nullable Map<String, Object> kind) {
    if (kind == null) {
      return;
    }
    FieldPath at = SPEC.child("paramKind");
    String version = Trees.stringOr(kind, "", "apiVersion");
    if (version.isEmpty()) {
      checks.required(at.child("apiVersion"), "");
    } else if (version.indexOf('/') != version.lastIndexOf('/')) {
      checks.invalid(at.child("apiVersion"), version, "unexpected GroupVersion string: " + version);
    }
    String name = Trees.stringOr(kind, "", "kind");
    if (name.isEmpty()) {
      checks.required(at.child("kind"), "");
    } else if (!Names.dns1035Label(name.toLowerCase(Locale.ROOT)).isEmpty()) {
      checks.invalid(
          at.child("kind"),
          name,
          "may have mixed case, but should otherwise match: "
              + String.join(",", Names.dns1035Label(name.toLowerCase(Locale.ROOT))));
    }
  }

  private static void matchConditions(Checks checks, Map<String, Object> policy) {
    List<Map<String, Object>> conditions = Trees.maps(policy, "spec", "matchConditions");
    MatchRules.conditions(checks, SPEC.child("matchConditions"), conditions);
  }

  private static void variables(Checks checks, Map<String, Object> policy) {
    List<Map<String, Object>> variables = Trees.maps(policy, "spec", "variables");
    for (int i = 0; i < variables.size(); i++) {
      FieldPath at = SPEC.child("variables").index(i);
      String name = Trees.stringOr(variables.get(i), "", "name");
      if (name.isBlank()) {
        checks.required(at.child("name"), "name is not specified");
      } else if (!IDENTIFIER.matcher(name).matches()) {
        checks.invalid(at.child("name"), name, "name is not a valid CEL identifier");
      }
      checks.present(
          at.child("expression"),
          Trees.stringOr(variables.get(i), "", "expression").strip(),
          "expression is not specified");
    }
  }

  private static void auditAnnotations(Checks checks, Map<String, Object> policy) {
    List<Map<String, Object>> notes = Trees.maps(policy, "spec", "auditAnnotations");
    FieldPath list = SPEC.child("auditAnnotations");
    if (notes.size() > MOST_NOTES) {
      checks.invalid(list, notes, "must not have more than " + MOST_NOTES + " auditAnnotations");
    }
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < notes.size(); i++) {
      String key = Trees.stringOr(notes.get(i), "", "key");
      FieldPath at = list.index(i);
      if (key.isEmpty()) {
        checks.required(at.child("key"), "");
      } else {
        String whole = Trees.stringOr(policy, "", "metadata", "name") + "/" + key;
        for (String problem : Names.qualifiedName(whole)) {
          checks.invalid(at.child("key"), whole, problem);
        }
      }
      if (!keys.add(key)) {
        checks.duplicate(at.child("key"), key);
      }
      checks.present(
          at.child("valueExpression"),
          Trees.stringOr(notes.get(i), "", "valueExpression").strip(),
          "valueExpression is not specified");
    }
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
      Map<String, Object> validation = validations.get(i);
      String expression = Trees.stringOr(validation, "", "expression").strip();
      checks.present(at.child("expression"), expression, "expression is not specified");
      String message = Trees.stringOr(validation, "", "message");
      String trimmed = message.strip();
      if (!message.isEmpty() && trimmed.isEmpty()) {
        checks.invalid(at.child("message"), message, "message must be non-empty if specified");
      } else if (trimmed.indexOf('\n') >= 0) {
        checks.invalid(at.child("message"), message, "message must not contain line breaks");
      } else if (expression.indexOf('\n') >= 0 && trimmed.isEmpty()) {
        checks.required(
            at.child("message"), "message must be specified if expression contains line breaks");
      }
      checks.oneOfOrAbsent(
          at.child("reason"),
          Trees.string(validation, "reason"),
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
