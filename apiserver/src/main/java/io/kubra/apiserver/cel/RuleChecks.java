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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the rules in the schema of a definition fit the types of the values, and that they
 * cannot cost too much.
 */
public final class RuleChecks {
  private static final List<String> REASONS =
      List.of(
          "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");
  private static final Pattern STEP = Pattern.compile("\\.([A-Za-z0-9_-]+)|\\['([^']+)'\\]");

  private final List<FieldError> errors = new ArrayList<>();
  private final RuleCosts costs = new RuleCosts();

  private RuleChecks() {}

  /**
   * Where in a schema rules are.
   *
   * @param name of the type of the values
   * @param times how many values there may be in one object; 0 if nothing limits them
   * @param uncorrelatable the list above whose items cannot be told apart from one version of the
   *     object to the next, null if there is none
   */
  private record Place(
      StructuralSchema schema,
      Map<String, Object> tree,
      String name,
      FieldPath at,
      long times,
      @Nullable FieldPath uncorrelatable) {}

  /** What is wrong with the rules of a schema, in its JSON form, and of all below it. */
  public static List<FieldError> check(Map<String, Object> schema, FieldPath at) {
    RuleChecks checks = new RuleChecks();
    checks.visit(new Place(StructuralSchema.parse(schema), schema, CompiledRule.ROOT, at, 1, null));
    checks.costs.finish(at, checks.errors);
    return checks.errors;
  }

  private void visit(Place p) {
    List<Map<String, Object>> trees = Trees.maps(p.tree, "x-kubernetes-validations");
    for (int i = 0; i < p.schema.rules().size(); i++) {
      FieldPath place = p.at.child("x-kubernetes-validations").index(i);
      rule(p, p.schema.rules().get(i), trees.get(i), place);
    }
    p.schema
        .properties()
        .forEach(
            (field, below) -> {
              Map<String, Object> tree = Trees.map(p.tree, "properties", field);
              if (tree != null) {
                FieldPath at = p.at.child("properties").key(field);
                String name = p.name + "." + field;
                visit(new Place(below, tree, name, at, p.times, p.uncorrelatable));
              }
            });
    StructuralSchema items = p.schema.items();
    Map<String, Object> itemsTree = Trees.map(p.tree, "items");
    if (items != null && itemsTree != null) {
      boolean keyed = p.schema.listType().equals("map");
      visit(
          new Place(
              items,
              itemsTree,
              p.name + ".@items",
              p.at.child("items"),
              times(p.times, p.schema.maxItems()),
              p.uncorrelatable != null || keyed ? p.uncorrelatable : p.at));
    }
    StructuralSchema values = p.schema.additional();
    Map<String, Object> valuesTree = Trees.map(p.tree, "additionalProperties");
    if (values != null && valuesTree != null) {
      visit(
          new Place(
              values,
              valuesTree,
              p.name + ".@values",
              p.at.child("additionalProperties"),
              times(p.times, p.schema.maxProperties()),
              p.uncorrelatable));
    }
  }

  private static long times(long outer, @Nullable Long limit) {
    return outer == 0 || limit == null ? 0 : CostRange.product(outer, Math.max(0, limit));
  }

  private void rule(Place p, ValidationRule rule, Map<String, Object> tree, FieldPath place) {
    texts(p, rule, place);
    if (rule.rule().isBlank()) {
      errors.add(FieldError.required(place.child("rule"), "rule is not specified"));
      return;
    }
    boolean optionalOld = Boolean.TRUE.equals(rule.optionalOldSelf());
    Environment environment = CompiledRule.environment(p.schema, p.name, optionalOld);
    Expression expression =
        compile(
            environment,
            rule.rule(),
            SimpleType.BOOL,
            "compilation failed: ",
            "cel expression must evaluate to a bool",
            tree,
            place.child("rule"));
    if (expression != null) {
      cost(p, expression, "rule", place.child("rule"));
      transition(p, rule, expression.uses(CompiledRule.OLD_SELF), place);
    }
    if (!rule.messageExpression().isBlank()) {
      FieldPath at = place.child("messageExpression");
      Expression message =
          compile(
              environment,
              rule.messageExpression(),
              SimpleType.STRING,
              "messageExpression compilation failed: ",
              "messageExpression must evaluate to a string",
              tree,
              at);
      if (message != null) {
        cost(p, message, "messageExpression", at);
      }
    }
  }

  private void cost(Place p, Expression expression, String what, FieldPath at) {
    CostRange cost = CostEstimator.estimate(expression, new SchemaSizes(p.schema));
    long times = p.times == 0 ? SchemaSizes.mostInRequest(p.schema) : p.times;
    costs.add(at, what, cost, times, errors);
  }

  private void transition(Place p, ValidationRule rule, boolean transition, FieldPath place) {
    if (transition && p.uncorrelatable != null && rule.optionalOldSelf() == null) {
      errors.add(
          FieldError.invalid(
              place.child("rule"),
              rule.rule(),
              "oldSelf cannot be used on the uncorrelatable portion of the schema within "
                  + p.uncorrelatable));
    }
    if (!transition && rule.optionalOldSelf() != null) {
      errors.add(
          FieldError.invalid(
              place.child("optionalOldSelf"),
              rule.optionalOldSelf(),
              "may not be set if oldSelf is not used in rule"));
    }
  }

  private void texts(Place p, ValidationRule rule, FieldPath place) {
    String message = rule.message();
    if (!message.isEmpty() && message.isBlank()) {
      errors.add(
          FieldError.invalid(
              place.child("message"), message, "message must be non-empty if specified"));
    } else if (message.strip().indexOf('\n') >= 0) {
      errors.add(
          FieldError.invalid(
              place.child("message"), message, "message must not contain line breaks"));
    } else if (rule.rule().strip().indexOf('\n') >= 0 && message.isBlank()) {
      errors.add(
          FieldError.required(
              place.child("message"), "message must be specified if rule contains line breaks"));
    }
    if (!rule.messageExpression().isEmpty() && rule.messageExpression().isBlank()) {
      errors.add(
          FieldError.required(
              place.child("messageExpression"),
              "messageExpression must be non-empty if specified"));
    }
    if (!rule.reason().isEmpty() && !REASONS.contains(rule.reason())) {
      errors.add(FieldError.notSupported(place.child("reason"), rule.reason(), REASONS));
    }
    if (!rule.fieldPath().isEmpty() && !refersToField(p.schema, rule.fieldPath())) {
      errors.add(
          FieldError.invalid(
              place.child("fieldPath"),
              rule.fieldPath(),
              "fieldPath must be a valid path: does not refer to a valid field"));
    }
  }

  private static boolean refersToField(StructuralSchema schema, String path) {
    Matcher step = STEP.matcher(path);
    StructuralSchema at = schema;
    int end = 0;
    while (step.find() && step.start() == end) {
      end = step.end();
      StructuralSchema below = at.below(step.group(1) != null ? step.group(1) : step.group(2));
      if (below == null) {
        return false;
      }
      at = below;
    }
    return end > 0 && end == path.length();
  }

  private @Nullable Expression compile(
      Environment environment,
      String text,
      CelType wanted,
      String failure,
      String mismatch,
      Map<String, Object> tree,
      FieldPath place) {
    try {
      Expression expression = Expression.compile(environment, text);
      if (expression.type().equals(wanted)) {
        return expression;
      }
      errors.add(FieldError.invalid(place, tree, mismatch));
    } catch (CelException e) {
      errors.add(FieldError.invalid(place, tree, failure + e.message()));
    }
    return null;
  }
}
