package io.kubra.apiserver.cel;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks that the rules in the schema of a definition can be compiled. */
public final class RuleChecks {
  private RuleChecks() {}

  /** What is wrong with the rules of a schema, in its JSON form, and of all below it. */
  public static List<FieldError> check(Map<String, Object> schema, FieldPath at) {
    List<FieldError> errors = new ArrayList<>();
    visit(schema, at, errors);
    return errors;
  }

  private static void visit(Map<String, Object> schema, FieldPath at, List<FieldError> errors) {
    List<Map<String, Object>> rules = Trees.maps(schema, "x-kubernetes-validations");
    for (int i = 0; i < rules.size(); i++) {
      FieldPath place = at.child("x-kubernetes-validations").index(i);
      Map<String, Object> rule = rules.get(i);
      String text = Trees.stringOr(rule, "", "rule");
      if (text.isBlank()) {
        errors.add(FieldError.required(place.child("rule"), "rule is not specified"));
      } else {
        compile(text, "compilation failed: ", rule, place.child("rule"), errors);
      }
      String message = Trees.stringOr(rule, "", "messageExpression");
      if (!message.isBlank()) {
        compile(
            message,
            "messageExpression compilation failed: ",
            rule,
            place.child("messageExpression"),
            errors);
      }
    }
    Map<String, Object> properties = Trees.map(schema, "properties");
    if (properties != null) {
      for (String name : properties.keySet()) {
        below(Trees.map(properties, name), at.child("properties").key(name), errors);
      }
    }
    below(Trees.map(schema, "items"), at.child("items"), errors);
    below(Trees.map(schema, "additionalProperties"), at.child("additionalProperties"), errors);
  }

  private static void below(
      @org.jspecify.annotations.Nullable Map<String, Object> schema,
      FieldPath at,
      List<FieldError> errors) {
    if (schema != null) {
      visit(schema, at, errors);
    }
  }

  private static void compile(
      String text,
      String failure,
      Map<String, Object> rule,
      FieldPath place,
      List<FieldError> errors) {
    try {
      Expression.compile(text);
    } catch (CelException e) {
      errors.add(FieldError.invalid(place, rule, failure + e.message()));
    }
  }
}
