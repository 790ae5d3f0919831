package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import io.kubra.api.structural.StructuralSchema;
import io.kubra.api.structural.StructuralSchema.ValidationRule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a schema and its message expression, compiled against the type of the values.
 *
 * @param transition whether it compares with the value before
 * @param expression null if it cannot be compiled
 * @param messageExpression null if there is none
 * @param problem why the expression cannot be compiled
 */
record CompiledRule(
    ValidationRule rule,
    boolean transition,
    @Nullable Expression expression,
    @Nullable Expression messageExpression,
    String problem) {
  /** The name of the type of whole objects; those of types below begin with it. */
  static final String ROOT = "selfType";

  /** The variable that makes a rule one of transitions. */
  static final String OLD_SELF = "oldSelf";

  private static final int LONGEST_MESSAGE = 5 * 1024;

  /** Compiles the rules of a node; those that cannot be compiled never hold. */
  static List<CompiledRule> all(StructuralSchema schema, String name) {
    return schema.rules().stream().map(rule -> of(rule, schema, name)).toList();
  }

  private static CompiledRule of(ValidationRule rule, StructuralSchema schema, String name) {
    Environment environment =
        environment(schema, name, Boolean.TRUE.equals(rule.optionalOldSelf()));
    try {
      Expression expression = Expression.compile(environment, rule.rule());
      Expression message =
          rule.messageExpression().isBlank()
              ? null
              : Expression.compile(environment, rule.messageExpression());
      return new CompiledRule(rule, expression.uses(OLD_SELF), expression, message, "");
    } catch (CelException e) {
      return new CompiledRule(
          rule, false, null, null, "rule compiler error: compilation failed: " + e.message());
    }
  }

  /** What the rules of a node may use. */
  static Environment environment(StructuralSchema schema, String name, boolean optionalOld) {
    CelType own =
        name.equals(ROOT) ? SchemaTypes.ofResource(schema, name) : SchemaTypes.of(schema, name);
    CelType type = own == null ? SimpleType.DYN : own;
    return Environment.builder()
        .variable("self", type)
        .variable(OLD_SELF, optionalOld ? OptionalType.create(type) : type)
        .build();
  }

  private boolean optional() {
    return Boolean.TRUE.equals(rule.optionalOldSelf());
  }

  /** Whether the rule is to be evaluated: those that compare need something to compare with. */
  boolean applies(@Nullable Object oldSelf) {
    return !transition || oldSelf != null || optional();
  }

  boolean holds(Object self, @Nullable Object oldSelf, Budget budget) {
    if (expression == null) {
      throw new CelException(problem);
    }
    return Boolean.TRUE.equals(evaluate(expression, self, oldSelf, budget));
  }

  /** What the message expression gives, if it gives a line of text that is not too long. */
  String message(Object self, @Nullable Object oldSelf, Budget budget) {
    if (messageExpression == null) {
      return "";
    }
    try {
      Object said = evaluate(messageExpression, self, oldSelf, budget);
      boolean usable =
          said instanceof String s && s.indexOf('\n') < 0 && s.length() <= LONGEST_MESSAGE;
      return usable ? String.valueOf(said).strip() : "";
    } catch (CelException e) {
      if (e.isOutOfBudget()) {
        throw e;
      }
      return "";
    }
  }

  private Object evaluate(Expression e, Object self, @Nullable Object oldSelf, Budget budget) {
    return e.evaluate(
        name ->
            switch (name) {
              case "self" -> self;
              case OLD_SELF -> optional() ? Optional.ofNullable(oldSelf) : oldSelf;
              default -> null;
            },
        budget);
  }
}
