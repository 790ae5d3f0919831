package io.kubra.api.apply;

import io.kubra.api.json.Json;
import io.kubra.api.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that an applied configuration can be merged: known fields, right types, clear keys. */
final class AppliedConfiguration {
  private final List<String> problems = new ArrayList<>();

  private AppliedConfiguration() {}

  /** What is wrong with the configuration, each with its path; empty when it can be merged. */
  static List<String> problems(@Nullable Schema schema, Map<String, Object> tree) {
    AppliedConfiguration check = new AppliedConfiguration();
    check.visit(schema, tree, "");
    return check.problems;
  }

  private void visit(@Nullable Schema schema, @Nullable Object value, String at) {
    if (schema == null || value == null) {
      return;
    }
    switch (schema.kind()) {
      case OBJECT -> visitObject(schema, value, at);
      case MAP -> {
        if (value instanceof Map<?, ?> map) {
          map.forEach((name, below) -> visit(schema.values(), below, at + "." + name));
        } else {
          expected("map", value, at);
        }
      }
      case LIST -> visitList(schema, value, at);
      case STRING -> {
        if (!(value instanceof String)) {
          expected("string", value, at);
        }
      }
      case INTEGER, NUMBER -> {
        if (!(value instanceof Number)) {
          expected("numeric (int or float)", value, at);
        }
      }
      case BOOLEAN -> {
        if (!(value instanceof Boolean)) {
          expected("boolean", value, at);
        }
      }
      default -> {
        // Quantities, times and the like are checked when the merged object is decoded.
      }
    }
  }

  private void visitObject(Schema schema, Object value, String at) {
    if (!(value instanceof Map<?, ?> map)) {
      expected("map", value, at);
      return;
    }
    map.forEach(
        (key, below) -> {
          String name = (String) key;
          Schema.Field field = schema.field(name);
          if (field != null) {
            visit(field.schema(), below, at + "." + name);
          } else if (!schema.preserveUnknownFields()) {
            problems.add(at + "." + name + ": field not declared in schema");
          }
        });
  }

  private void visitList(Schema schema, Object value, String at) {
    if (!(value instanceof List<?> list)) {
      expected("list", value, at);
      return;
    }
    Shape shape = Shape.of(schema, value);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      Object item = list.get(i);
      String here = at + "[" + i + "]";
      if (shape.list()) {
        String element = Shape.element(shape, schema, item);
        String gap = shape == Shape.KEYED ? missingKey(schema, item) : null;
        if (gap != null || element == null) {
          problems.add(at + ": element " + i + ": " + gap);
        } else {
          here = at + PathElement.display(element);
          if (!seen.add(element)) {
            problems.add(at + ": duplicate entries for key " + PathElement.display(element));
          }
        }
      }
      visit(schema.items(), item, here);
    }
  }

  private static @Nullable String missingKey(Schema schema, @Nullable Object item) {
    if (!(item instanceof Map<?, ?> map)) {
      return "associative list with keys may not have non-map elements";
    }
    for (String key : schema.listMapKeys()) {
      if (map.get(key) == null && Shape.keyDefault(schema, key) == null) {
        return "associative list with keys has an element that omits key field \""
            + key
            + "\" (and doesn't have default value)";
      }
    }
    return null;
  }

  private void expected(String type, Object value, String at) {
    problems.add(at + ": expected " + type + ", got " + Json.toString(value));
  }
}
