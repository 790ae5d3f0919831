package io.kubra.apiserver.rules.extension;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that a schema is structural: every value has a type, or says that it may be anything. */
final class StructureChecks {
  private static final Set<String> TYPES =
      Set.of("array", "boolean", "integer", "number", "object", "string");

  private final List<FieldError> errors = new ArrayList<>();

  private StructureChecks() {}

  /** What is wrong with a root schema, in its JSON form. */
  static List<FieldError> check(Map<String, Object> root, FieldPath at) {
    StructureChecks checks = new StructureChecks();
    if (!"object".equals(root.get("type"))) {
      String type = Trees.stringOr(root, "", "type");
      checks.errors.add(
          type.isEmpty()
              ? FieldError.required(at.child("type"), "must not be empty at the root")
              : FieldError.invalid(at.child("type"), type, "must be object at the root"));
    }
    checks.node(root, at, "at the root");
    return checks.errors;
  }

  private void node(@Nullable Map<String, Object> schema, FieldPath at, String where) {
    if (schema == null) {
      return;
    }
    String type = Trees.stringOr(schema, "", "type");
    boolean any =
        Trees.bool(schema, "x-kubernetes-int-or-string")
            || Trees.bool(schema, "x-kubernetes-preserve-unknown-fields");
    if (type.isEmpty() && !any && !where.equals("at the root")) {
      errors.add(FieldError.required(at.child("type"), "must not be empty for " + where));
    } else if (!type.isEmpty() && !TYPES.contains(type)) {
      errors.add(FieldError.notSupported(at.child("type"), type, TYPES.stream().sorted().toList()));
    }
    if (schema.get("$ref") != null) {
      errors.add(FieldError.forbidden(at.child("$ref"), "$ref is not supported"));
    }
    for (String name : List.of("definitions", "dependencies", "patternProperties", "id")) {
      if (schema.get(name) != null) {
        errors.add(FieldError.forbidden(at.child(name), name + " is not supported"));
      }
    }
    if (Boolean.TRUE.equals(schema.get("uniqueItems"))) {
      errors.add(
          FieldError.forbidden(
              at.child("uniqueItems"),
              "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
    }
    lists(schema, at);
    Map<String, Object> properties = Trees.map(schema, "properties");
    if (properties != null) {
      if (schema.get("additionalProperties") != null && !properties.isEmpty()) {
        errors.add(
            FieldError.forbidden(
                at.child("additionalProperties"),
                "additionalProperties and properties are mutual exclusive"));
      }
      for (String name : properties.keySet()) {
        node(
            Trees.map(properties, name),
            at.child("properties").key(name),
            "specified object fields");
      }
    }
    node(Trees.map(schema, "items"), at.child("items"), "specified array items");
    node(
        Trees.map(schema, "additionalProperties"),
        at.child("additionalProperties"),
        "specified object fields");
    if (type.equals("array") && schema.get("items") == null) {
      errors.add(FieldError.required(at.child("items"), "must be specified"));
    }
  }

  private void lists(Map<String, Object> schema, FieldPath at) {
    String listType = Trees.stringOr(schema, "", "x-kubernetes-list-type");
    List<String> keys = Trees.strings(schema, "x-kubernetes-list-map-keys");
    FieldPath place = at.child("x-kubernetes-list-type");
    switch (listType) {
      case "", "atomic", "set", "map" -> {}
      default ->
          errors.add(FieldError.notSupported(place, listType, List.of("atomic", "map", "set")));
    }
    if (listType.equals("map") && keys.isEmpty()) {
      errors.add(
          FieldError.required(
              at.child("x-kubernetes-list-map-keys"),
              "must not be empty if x-kubernetes-list-type is map"));
    }
    if (!listType.equals("map") && !keys.isEmpty()) {
      errors.add(
          listType.isEmpty()
              ? FieldError.required(place, "must be map if x-kubernetes-list-map-keys is non-empty")
              : FieldError.invalid(
                  place, listType, "must be map if x-kubernetes-list-map-keys is non-empty"));
    }
    for (int i = 0; i < keys.size(); i++) {
      if (Trees.map(schema, "items", "properties", keys.get(i)) == null) {
        errors.add(
            FieldError.invalid(
                at.child("x-kubernetes-list-map-keys").index(i),
                keys.get(i),
                "entries must all be names of item properties"));
      }
    }
  }
}
