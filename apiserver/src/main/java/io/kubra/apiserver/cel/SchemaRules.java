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
import org.jspecify.annotations.Nullable;

/**
 * The {@code x-kubernetes-validations} of a schema. Rules that mention {@code oldSelf} are for
 * updates of values that can be told apart from their neighbours; an unchanged value is not checked
 * again.
 */
public final class SchemaRules {
  private final Node root;

  /** The part of a schema on the way to rules. */
  private static final class Node {
    final StructuralSchema schema;
    final String name;
    final Map<String, Node> properties = new HashMap<>();
    @Nullable Node items;
    @Nullable Node additional;
    private volatile @Nullable List<CompiledRule> rules;

    Node(StructuralSchema schema, String name) {
      this.schema = schema;
      this.name = name;
    }

    List<CompiledRule> rules() {
      List<CompiledRule> known = rules;
      if (known == null) {
        known = CompiledRule.all(schema, name);
        rules = known;
      }
      return known;
    }

    @Nullable Node below(String field) {
      return schema.properties().containsKey(field) ? properties.get(field) : additional;
    }
  }

  private SchemaRules(Node root) {
    this.root = root;
  }

  /** The rules of a schema, or null if it has none anywhere. */
  public static @Nullable SchemaRules of(StructuralSchema root) {
    Node node = node(root, CompiledRule.ROOT);
    return node == null ? null : new SchemaRules(node);
  }

  private static @Nullable Node node(@Nullable StructuralSchema schema, String name) {
    if (schema == null) {
      return null;
    }
    Node node = new Node(schema, name);
    schema
        .properties()
        .forEach(
            (field, below) -> {
              Node property = node(below, name + "." + field);
              if (property != null) {
                node.properties.put(field, property);
              }
            });
    node.items = node(schema.items(), name + ".@items");
    node.additional = node(schema.additional(), name + ".@values");
    boolean leads = !node.properties.isEmpty() || node.items != null || node.additional != null;
    return leads || !schema.rules().isEmpty() ? node : null;
  }

  /** What the rules say of an object; {@code old} is null on create. */
  public List<FieldError> check(Map<String, Object> object, @Nullable Map<String, Object> old) {
    Check check = new Check();
    check.visit(root, object, old, "");
    return check.errors;
  }

  /** One check of an object. */
  private static final class Check {
    private final List<FieldError> errors = new ArrayList<>();
    private final Budget budget = Budget.forRequest();
    private boolean ended;

    void visit(@Nullable Node node, @Nullable Object value, @Nullable Object old, String path) {
      if (node == null || value == null || ended || (old != null && Trees.equal(value, old))) {
        return;
      }
      StructuralSchema schema = node.schema;
      if (!schema.rules().isEmpty()) {
        Object self = SchemaValues.of(schema, value);
        Object oldSelf = old == null ? null : SchemaValues.of(schema, old);
        for (CompiledRule rule : node.rules()) {
          if (!ended) {
            apply(rule, schema.type(), self, oldSelf, path);
          }
        }
      }
      if (value instanceof Map<?, ?> map) {
        for (Map.Entry<?, ?> e : map.entrySet()) {
          String name = String.valueOf(e.getKey());
          String at =
              schema.properties().containsKey(name)
                  ? (path.isEmpty() ? name : path + "." + name)
                  : path + "[" + name + "]";
          visit(node.below(name), e.getValue(), Trees.get(old, name), at);
        }
      } else if (value instanceof List<?> list && node.items != null) {
        for (int i = 0; i < list.size(); i++) {
          Object item = list.get(i);
          visit(node.items, item, ListTypes.counterpart(schema, item, old), path + "[" + i + "]");
        }
      }
    }

    private void apply(
        CompiledRule compiled, String type, Object self, @Nullable Object oldSelf, String path) {
      ValidationRule rule = compiled.rule();
      if (!compiled.applies(oldSelf)) {
        return;
      }
      String at = path.isEmpty() ? "<nil>" : path;
      String message = message(rule);
      try {
        if (!compiled.holds(self, oldSelf, budget)) {
          String said = compiled.message(self, oldSelf, budget);
          errors.add(error(rule, at, path, type, said.isEmpty() ? message : said));
        }
      } catch (CelException e) {
        ended = e.isOutOfBudget();
        errors.add(FieldError.invalid(at, type, failure(e, rule)));
      }
    }

    private static String failure(CelException e, ValidationRule rule) {
      String shown = rule.message().isBlank() ? rule.rule().strip() : rule.message().strip();
      if (e.message().startsWith("operation cancelled")) {
        return "'%s': no further validation rules will be run due to call cost exceeds limit for rule: %s"
            .formatted(e.message(), shown);
      }
      if (e.isOutOfBudget() || e.message().startsWith("rule compiler error")) {
        return e.message();
      }
      if (e.message().startsWith("no such overload")) {
        return "'%s': call arguments did not match a supported operator, function or macro signature for rule: %s"
            .formatted(e.message(), shown);
      }
      return e.message() + " evaluating rule: " + shown;
    }
  }

  private static String message(ValidationRule rule) {
    return rule.message().isBlank()
        ? "failed rule: " + rule.rule().strip()
        : rule.message().strip();
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
