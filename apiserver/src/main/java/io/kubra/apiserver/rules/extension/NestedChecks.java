package io.kubra.apiserver.rules.extension;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks what stands in {@code allOf}, {@code anyOf}, {@code oneOf} and {@code not}: it may only
 * narrow values down whose place and type the schema around it gives.
 */
final class NestedChecks {
  private static final List<String> UNDEFINED = List.of("additionalProperties", "default");
  private static final List<String> EMPTY = List.of("title", "description");
  private static final List<String> FALSE =
      List.of("nullable", "x-kubernetes-embedded-resource", "x-kubernetes-int-or-string");

  private final List<FieldError> errors;

  private NestedChecks(List<FieldError> errors) {
    this.errors = errors;
  }

  static void check(Map<String, Object> root, FieldPath at, List<FieldError> errors) {
    new NestedChecks(errors).structural(root, at);
  }

  private void structural(@Nullable Map<String, Object> schema, FieldPath at) {
    if (schema == null) {
      return;
    }
    junctors(schema, at, schema, at);
    Map<String, Object> properties = Trees.map(schema, "properties");
    if (properties != null) {
      for (String name : properties.keySet()) {
        structural(Trees.map(properties, name), at.child("properties").key(name));
      }
    }
    structural(Trees.map(schema, "items"), at.child("items"));
    structural(Trees.map(schema, "additionalProperties"), at.child("additionalProperties"));
  }

  /** The junctors of {@code from}, against the structural schema of the same value. */
  private void junctors(
      Map<String, Object> from, FieldPath at, Map<String, Object> schema, FieldPath place) {
    for (String junctor : List.of("allOf", "anyOf", "oneOf")) {
      List<Map<String, Object>> nested = Trees.maps(from, junctor);
      for (int i = 0; i < nested.size(); i++) {
        nested(nested.get(i), at.child(junctor).index(i), schema, place);
      }
    }
    Map<String, Object> not = Trees.map(from, "not");
    if (not != null) {
      nested(not, at.child("not"), schema, place);
    }
  }

  private void nested(
      Map<String, Object> nested,
      FieldPath at,
      @Nullable Map<String, Object> schema,
      FieldPath place) {
    if (schema == null) {
      errors.add(FieldError.required(place, "because it is defined in " + at));
      return;
    }
    generics(nested, at, Trees.bool(schema, "x-kubernetes-int-or-string"));
    junctors(nested, at, schema, place);
    Map<String, Object> items = Trees.map(nested, "items");
    if (items != null) {
      nested(items, at.child("items"), Trees.map(schema, "items"), place.child("items"));
    }
    Map<String, Object> properties = Trees.map(nested, "properties");
    if (properties == null) {
      return;
    }
    for (String name : properties.keySet()) {
      Map<String, Object> property = Trees.map(properties, name);
      if (property == null) {
        continue;
      }
      Map<String, Object> known = Trees.map(schema, "properties", name);
      Map<String, Object> values = Trees.map(schema, "additionalProperties");
      FieldPath below = place.child("properties").key(name);
      nested(
          property,
          at.child("properties").key(name),
          known == null ? values : known,
          known == null && values != null ? place.child("additionalProperties") : below);
    }
  }

  private void generics(Map<String, Object> nested, FieldPath at, boolean intOrString) {
    String type = Trees.stringOr(nested, "", "type");
    boolean alternative = intOrString && (type.equals("integer") || type.equals("string"));
    if (!type.isEmpty() && !alternative) {
      errors.add(FieldError.forbidden(at.child("type"), "must be empty to be structural"));
    }
    for (String field : UNDEFINED) {
      if (nested.get(field) != null) {
        errors.add(FieldError.forbidden(at.child(field), "must be undefined to be structural"));
      }
    }
    for (String field : EMPTY) {
      if (!Trees.stringOr(nested, "", field).isEmpty()) {
        errors.add(FieldError.forbidden(at.child(field), "must be empty to be structural"));
      }
    }
    for (String field : FALSE) {
      if (Trees.bool(nested, field)) {
        errors.add(FieldError.forbidden(at.child(field), "must be false to be structural"));
      }
    }
    if (nested.get("x-kubernetes-preserve-unknown-fields") != null) {
      errors.add(
          FieldError.forbidden(
              at.child("x-kubernetes-preserve-unknown-fields"),
              "must be undefined to be structural"));
    }
  }
}
