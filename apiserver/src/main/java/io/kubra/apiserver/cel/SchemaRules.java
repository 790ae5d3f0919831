package io.kubra.apiserver.cel;

import io.kubra.api.status.FieldError;
import io.kubra.api.structural.ListTypes;
import io.kubra.api.structural.StructuralSchema;
import io.kubra.api.structural.StructuralSchema.ValidationRule;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code x-kubernetes-validations} of a schema. Rules that mention {@code oldSelf} are for
 * updates of values that can be told apart from their neighbours; an unchanged value is not checked
 * again.
 */
public final class SchemaRules {
  private static final Pattern OLD_SELF = Pattern.compile("\\boldSelf\\b");

  private final StructuralSchema root;
  private final Map<String, Expression> expressions = new ConcurrentHashMap<>();

  private SchemaRules(StructuralSchema root) {
    this.root = root;
  }

  /** The rules of a schema, or null if it has none anywhere. */
  public static @Nullable SchemaRules of(StructuralSchema root) {
    return hasRules(root) ? new SchemaRules(root) : null;
  }

  private static boolean hasRules(@Nullable StructuralSchema schema) {
    return schema != null
        && (!schema.rules().isEmpty()
            || hasRules(schema.items())
            || hasRules(schema.additional())
            || schema.properties().values().stream().anyMatch(SchemaRules::hasRules));
  }

  /** What the rules say of an object; {@code old} is null on create. */
  public List<FieldError> check(Map<String, Object> object, @Nullable Map<String, Object> old) {
    List<FieldError> errors = new ArrayList<>();
    visit(root, object, old, "", errors);
    return errors;
  }

  private void visit(
      StructuralSchema schema,
      @Nullable Object value,
      @Nullable Object old,
      String path,
      List<FieldError> errors) {
    if (value == null || (old != null && Trees.equal(value, old))) {
      return;
    }
    if (!schema.rules().isEmpty()) {
      Object self = SchemaValues.of(schema, value);
      Object oldSelf = old == null ? null : SchemaValues.of(schema, old);
      for (ValidationRule rule : schema.rules()) {
        apply(rule, schema.type(), self, oldSelf, path, errors);
      }
    }
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> e : map.entrySet()) {
        String name = String.valueOf(e.getKey());
        StructuralSchema below = schema.below(name);
        if (below != null) {
          boolean property = schema.properties().containsKey(name);
          String at =
              property ? (path.isEmpty() ? name : path + "." + name) : path + "[" + name + "]";
          visit(below, e.getValue(), Trees.get(old, name), at, errors);
        }
      }
    } else if (value instanceof List<?> list && schema.items() instanceof StructuralSchema items) {
      for (int i = 0; i < list.size(); i++) {
        Object item = list.get(i);
        visit(items, item, ListTypes.counterpart(schema, item, old), path + "[" + i + "]", errors);
      }
    }
  }

  private void apply(
      ValidationRule rule,
      String type,
      Object self,
      @Nullable Object oldSelf,
      String path,
      List<FieldError> errors) {
    boolean transition = OLD_SELF.matcher(rule.rule()).find();
    boolean optional = Boolean.TRUE.equals(rule.optionalOldSelf());
    if (transition && oldSelf == null && !optional) {
      return;
    }
    Map<String, Object> variables = new HashMap<>();
    variables.put("self", self);
    if (optional) {
      variables.put("oldSelf", Optional.ofNullable(oldSelf));
    } else if (oldSelf != null) {
      variables.put("oldSelf", oldSelf);
    }
    String at = path.isEmpty() ? "<nil>" : path;
    String message = message(rule);
    try {
      if (!Boolean.TRUE.equals(expression(rule.rule()).evaluate(variables))) {
        errors.add(error(rule, at, path, type, said(rule, variables, message)));
      }
    } catch (CelException e) {
      errors.add(FieldError.invalid(at, type, e.message() + " evaluating rule: " + message));
    }
  }

  private Expression expression(String text) {
    return expressions.computeIfAbsent(text, Expression::compile);
  }

  private static String message(ValidationRule rule) {
    return rule.message().isBlank()
        ? "failed rule: " + rule.rule().strip()
        : rule.message().strip();
  }

  /** What the message expression gives, if it gives a line of text. */
  private String said(ValidationRule rule, Map<String, Object> variables, String otherwise) {
    if (rule.messageExpression().isBlank()) {
      return otherwise;
    }
    try {
      Object said = expression(rule.messageExpression()).evaluate(variables);
      boolean usable = said instanceof String s && !s.isBlank() && s.indexOf('\n') < 0;
      return usable ? String.valueOf(said).strip() : otherwise;
    } catch (CelException e) {
      return otherwise;
    }
  }

  private static FieldError error(
      ValidationRule rule, String at, String path, String type, String message) {
    String place = rule.fieldPath().isEmpty() ? at : path + rule.fieldPath();
    String field = path.isEmpty() && place.startsWith(".") ? place.substring(1) : place;
    return switch (rule.reason()) {
      case "FieldValueRequired" -> FieldError.required(field, message);
      case "FieldValueForbidden" -> FieldError.forbidden(field, message);
      case "FieldValueDuplicate" -> new FieldError(FieldError.Type.DUPLICATE, field, type, message);
      default -> FieldError.invalid(field, type, message);
    };
  }
}
