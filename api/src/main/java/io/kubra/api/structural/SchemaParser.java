package io.kubra.api.structural;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.kubra.api.structural.StructuralSchema.ValidationRule;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads structural schemas from their JSON form. */
final class SchemaParser {
  /** Go takes both ways to begin a named group, the library one. */
  private static final Pattern NAMED = Pattern.compile("\\(\\?<\\b");

  StructuralSchema parse(Map<String, Object> tree) {
    Object additional = tree.get("additionalProperties");
    return new StructuralSchema(
        Trees.stringOr(tree, "", "type"),
        Trees.bool(tree, "nullable"),
        tree.get("default"),
        properties(tree),
        child(additional),
        Boolean.TRUE.equals(additional),
        child(tree.get("items")),
        Trees.bool(tree, "x-kubernetes-preserve-unknown-fields"),
        Trees.bool(tree, "x-kubernetes-embedded-resource"),
        Trees.bool(tree, "x-kubernetes-int-or-string"),
        Trees.stringOr(tree, "", "x-kubernetes-list-type"),
        List.copyOf(Trees.strings(tree, "x-kubernetes-list-map-keys")),
        Trees.stringOr(tree, "", "x-kubernetes-map-type"),
        rules(tree),
        constraints(tree));
  }

  @SuppressWarnings("unchecked")
  private @Nullable StructuralSchema child(@Nullable Object tree) {
    return tree instanceof Map<?, ?> map ? parse((Map<String, Object>) map) : null;
  }

  private Map<String, StructuralSchema> properties(Map<String, Object> tree) {
    Map<String, Object> given = Trees.map(tree, "properties");
    if (given == null || given.isEmpty()) {
      return Map.of();
    }
    Map<String, StructuralSchema> properties = LinkedHashMap.newLinkedHashMap(given.size());
    given.forEach(
        (name, value) -> {
          StructuralSchema schema = child(value);
          if (schema != null) {
            properties.put(name, schema);
          }
        });
    return Collections.unmodifiableMap(properties);
  }

  private static List<ValidationRule> rules(Map<String, Object> tree) {
    List<ValidationRule> rules = new ArrayList<>();
    for (Map<String, Object> rule : Trees.maps(tree, "x-kubernetes-validations")) {
      rules.add(
          new ValidationRule(
              Trees.stringOr(rule, "", "rule"),
              Trees.stringOr(rule, "", "message"),
              Trees.stringOr(rule, "", "messageExpression"),
              Trees.stringOr(rule, "", "reason"),
              Trees.stringOr(rule, "", "fieldPath"),
              rule.get("optionalOldSelf") instanceof Boolean b ? b : null));
    }
    return List.copyOf(rules);
  }

  private Constraints constraints(Map<String, Object> tree) {
    String pattern = Trees.stringOr(tree, "", "pattern");
    List<Object> allowed = Trees.list(tree, "enum");
    return new Constraints(
        Trees.stringOr(tree, "", "format"),
        number(tree, "maximum"),
        Trees.bool(tree, "exclusiveMaximum"),
        number(tree, "minimum"),
        Trees.bool(tree, "exclusiveMinimum"),
        Trees.integer(tree, "maxLength"),
        Trees.integer(tree, "minLength"),
        pattern,
        pattern.isEmpty() ? null : compiled(pattern),
        Trees.integer(tree, "maxItems"),
        Trees.integer(tree, "minItems"),
        Trees.bool(tree, "uniqueItems"),
        number(tree, "multipleOf"),
        allowed.isEmpty() ? null : Collections.unmodifiableList(new ArrayList<>(allowed)),
        Trees.integer(tree, "maxProperties"),
        Trees.integer(tree, "minProperties"),
        List.copyOf(Trees.strings(tree, "required")),
        all(tree, "allOf"),
        all(tree, "oneOf"),
        all(tree, "anyOf"),
        child(tree.get("not")));
  }

  private List<StructuralSchema> all(Map<String, Object> tree, String field) {
    List<StructuralSchema> schemas = new ArrayList<>();
    for (Map<String, Object> schema : Trees.maps(tree, field)) {
      schemas.add(parse(schema));
    }
    return List.copyOf(schemas);
  }

  private static @Nullable Double number(Map<String, Object> tree, String field) {
    return tree.get(field) instanceof Number n ? n.doubleValue() : null;
  }

  /**
   * The language is Go's, and so is the promise that no pattern takes more time than the text is
   * long: patterns come from whoever may define resources, and texts from everybody.
   */
  static @Nullable Pattern compiled(String pattern) {
    try {
      return Pattern.compile(NAMED.matcher(pattern).replaceAll("(?P<"));
    } catch (PatternSyntaxException e) {
      return null;
    }
  }
}
