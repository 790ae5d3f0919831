package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.structural.StructuralSchema;
import io.kubra.api.structural.StructuralSchema.ValidationRule;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that the rules in the schema of a definition fit the types of the values. */
public final class RuleChecks {
  private final List<FieldError> errors = new ArrayList<>();

  private RuleChecks() {}

  /** What is wrong with the rules of a schema, in its JSON form, and of all below it. */
  public static List<FieldError> check(Map<String, Object> schema, FieldPath at) {
    RuleChecks checks = new RuleChecks();
    checks.visit(StructuralSchema.parse(schema), schema, CompiledRule.ROOT, at);
    return checks.errors;
  }

  private void visit(StructuralSchema schema, Map<String, Object> tree, String name, FieldPath at) {
    List<Map<String, Object>> trees = Trees.maps(tree, "x-kubernetes-validations");
    for (int i = 0; i < schema.rules().size(); i++) {
      FieldPath place = at.child("x-kubernetes-validations").index(i);
      rule(schema, name, schema.rules().get(i), trees.get(i), place);
    }
    schema
        .properties()
        .forEach(
            (field, below) ->
                below(
                    below,
                    Trees.map(tree, "properties", field),
                    name + "." + field,
                    at.child("properties").key(field)));
    below(schema.items(), Trees.map(tree, "items"), name + ".@items", at.child("items"));
    below(
        schema.additional(),
        Trees.map(tree, "additionalProperties"),
        name + ".@values",
        at.child("additionalProperties"));
  }

  private void below(
      @Nullable StructuralSchema schema,
      @Nullable Map<String, Object> tree,
      String name,
      FieldPath at) {
    if (schema != null && tree != null) {
      visit(schema, tree, name, at);
    }
  }

  private void rule(
      StructuralSchema schema,
      String name,
      ValidationRule rule,
      Map<String, Object> tree,
      FieldPath place) {
    if (rule.rule().isBlank()) {
      errors.add(FieldError.required(place.child("rule"), "rule is not specified"));
      return;
    }
    Environment environment =
        CompiledRule.environment(schema, name, Boolean.TRUE.equals(rule.optionalOldSelf()));
    compile(
        environment,
        rule.rule(),
        SimpleType.BOOL,
        "compilation failed: ",
        "cel expression must evaluate to a bool",
        tree,
        place.child("rule"));
    if (!rule.messageExpression().isBlank()) {
      compile(
          environment,
          rule.messageExpression(),
          SimpleType.STRING,
          "messageExpression compilation failed: ",
          "messageExpression must evaluate to a string",
          tree,
          place.child("messageExpression"));
    }
  }

  private void compile(
      Environment environment,
      String text,
      CelType wanted,
      String failure,
      String mismatch,
      Map<String, Object> tree,
      FieldPath place) {
    try {
      Expression expression = Expression.compile(environment, text);
      if (!expression.type().equals(wanted)) {
        errors.add(FieldError.invalid(place, tree, mismatch));
      }
    } catch (CelException e) {
      errors.add(FieldError.invalid(place, tree, failure + e.message()));
    }
  }
}
