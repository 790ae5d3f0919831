package io.kubra.apiserver.admission.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.expression.RequestExpressions;
import io.kubra.apiserver.cel.CelException;
import io.kubra.apiserver.cel.ConstructedTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that the expressions of a policy can be compiled. */
public final class PolicyChecks {
  private static final FieldPath SPEC = FieldPath.of("spec");

  private final List<FieldError> errors = new ArrayList<>();
  private final RequestExpressions expressions;
  private final @Nullable Map<String, Object> old;

  private PolicyChecks(Map<String, Object> policy, @Nullable Map<String, Object> old) {
    this.expressions = RequestExpressions.untyped(Definition.paramKind(policy) != null);
    this.old = old;
  }

  /**
   * What is wrong with the expressions of a validating policy.
   *
   * @param old what the policy was before; what did not change is not complained about
   */
  public static List<FieldError> validating(
      Map<String, Object> policy, @Nullable Map<String, Object> old) {
    PolicyChecks checks = new PolicyChecks(policy, old);
    checks.variables(policy);
    checks.each(policy, "matchConditions", "expression", SimpleType.BOOL);
    checks.each(policy, "validations", "expression", SimpleType.BOOL);
    checks.each(policy, "validations", "messageExpression", SimpleType.STRING);
    checks.each(
        policy, "auditAnnotations", "valueExpression", SimpleType.STRING, SimpleType.NULL_TYPE);
    return checks.errors;
  }

  /** What is wrong with the expressions of a mutating policy; as for validating ones. */
  public static List<FieldError> mutating(
      Map<String, Object> policy, @Nullable Map<String, Object> old) {
    PolicyChecks checks = new PolicyChecks(policy, old);
    checks.variables(policy);
    checks.each(policy, "matchConditions", "expression", SimpleType.BOOL);
    List<Map<String, Object>> mutations = Trees.maps(policy, "spec", "mutations");
    for (int i = 0; i < mutations.size(); i++) {
      checks.mutation(mutations.get(i), "jsonPatch", i, ConstructedTypes.patch());
      checks.mutation(mutations.get(i), "applyConfiguration", i, ConstructedTypes.object());
    }
    return checks.errors;
  }

  private void mutation(Map<String, Object> mutation, String field, int index, CelType result) {
    String text = Trees.stringOr(mutation, "", field, "expression");
    if (!text.isBlank()) {
      try {
        expressions.compileMutation(text, result);
      } catch (CelException e) {
        FieldPath at = SPEC.child("mutations").index(index).child(field, "expression");
        complain("mutations", field, text, at, e);
      }
    }
  }

  private void variables(Map<String, Object> policy) {
    List<Map<String, Object>> variables = Trees.maps(policy, "spec", "variables");
    for (int i = 0; i < variables.size(); i++) {
      String text = Trees.stringOr(variables.get(i), "", "expression");
      CelType type = SimpleType.DYN;
      if (!text.isBlank()) {
        FieldPath at = SPEC.child("variables").index(i).child("expression");
        try {
          type = expressions.compile(text).type();
        } catch (CelException e) {
          complain("variables", "expression", text, at, e);
        }
      }
      expressions.variable(Trees.stringOr(variables.get(i), "", "name"), type);
    }
  }

  private void each(Map<String, Object> policy, String list, String field, CelType... results) {
    List<Map<String, Object>> items = Trees.maps(policy, "spec", list);
    for (int i = 0; i < items.size(); i++) {
      String text = Trees.stringOr(items.get(i), "", field);
      if (!text.isBlank()) {
        try {
          expressions.compile(text, results);
        } catch (CelException e) {
          complain(list, field, text, SPEC.child(list).index(i).child(field), e);
        }
      }
    }
  }

  private void complain(String list, String field, String text, FieldPath at, CelException e) {
    boolean known =
        old != null
            && Trees.maps(old, "spec", list).stream()
                .anyMatch(
                    item ->
                        text.equals(Trees.string(item, field))
                            || text.equals(Trees.string(item, field, "expression")));
    if (!known) {
      errors.add(FieldError.invalid(at, text, e.message()));
    }
  }
}
