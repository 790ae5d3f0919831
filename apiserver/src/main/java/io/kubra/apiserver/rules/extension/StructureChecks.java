package io.kubra.apiserver.rules.extension;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
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
    checks.resource(root, at);
    NestedChecks.check(root, at, checks.errors);
    return checks.errors;
  }

  /** What metadata looks like is known, so a schema may only narrow names down. */
  private void resource(Map<String, Object> schema, FieldPath at) {
    Map<String, Object> metadata = Trees.map(schema, "properties", "metadata");
    if (metadata == null) {
      return;
    }
    FieldPath place = at.child("properties").key("metadata");
    if (!"object".equals(metadata.get("type"))) {
      errors.add(
          FieldError.invalid(
              place.child("type"), Trees.stringOr(metadata, "", "type"), "must be object"));
    }
    Map<String, Object> fields = Trees.map(metadata, "properties");
    if (fields != null) {
      for (String field : fields.keySet()) {
        if (!field.equals("name") && !field.equals("generateName")) {
          errors.add(
              FieldError.forbidden(
                  place.child("properties").key(field),
                  "must not specify anything other than name and generateName, but metadata is"
                      + " implicitly specified"));
        }
      }
    }
  }

  private void embedded(Map<String, Object> schema, FieldPath at, String type) {
    if (!Trees.bool(schema, "x-kubernetes-embedded-resource")) {
      return;
    }
    if (!type.equals("object")) {
      errors.add(
          FieldError.invalid(
              at.child("type"), type, "must be object if x-kubernetes-embedded-resource is true"));
    }
    Map<String, Object> properties = Trees.map(schema, "properties");
    if (!Trees.bool(schema, "x-kubernetes-preserve-unknown-fields")
        && (properties == null || properties.isEmpty())) {
      errors.add(
          FieldError.required(
              at.child("properties"),
              "must not be empty if x-kubernetes-embedded-resource is true without"
                  + " x-kubernetes-preserve-unknown-fields"));
    }
    resource(schema, at);
  }

  private void keywords(Map<String, Object> schema, FieldPath at, String type) {
    if (Trees.bool(schema, "x-kubernetes-int-or-string") && !type.isEmpty()) {
      errors.add(
          FieldError.invalid(
              at.child("type"), type, "must be empty if x-kubernetes-int-or-string is true"));
    }
    if (Boolean.FALSE.equals(schema.get("x-kubernetes-preserve-unknown-fields"))) {
      errors.add(
          FieldError.invalid(
              at.child("x-kubernetes-preserve-unknown-fields"),
              false,
              "must be true or undefined"));
    }
    if (Boolean.FALSE.equals(schema.get("additionalProperties"))) {
      errors.add(
          FieldError.forbidden(
              at.child("additionalProperties"), "additionalProperties cannot be set to false"));
    }
    String mapType = Trees.stringOr(schema, "", "x-kubernetes-map-type");
    if (!mapType.isEmpty()) {
      if (!mapType.equals("atomic") && !mapType.equals("granular")) {
        errors.add(
            FieldError.notSupported(
                at.child("x-kubernetes-map-type"), mapType, List.of("atomic", "granular")));
      }
      if (!type.equals("object")) {
        errors.add(
            FieldError.invalid(
                at.child("type"), type, "must be object if x-kubernetes-map-type is specified"));
      }
    }
    String pattern = Trees.stringOr(schema, "", "pattern");
    if (!pattern.isEmpty()) {
      try {
        Pattern.compile(pattern.replace("(?P<", "(?<"));
      } catch (PatternSyntaxException e) {
        errors.add(
            FieldError.invalid(
                at.child("pattern"),
                pattern,
                "must be a valid regular expression, but isn't: " + e.getDescription()));
      }
    }
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
    embedded(schema, at, type);
    keywords(schema, at, type);
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

  /** Items of sets are compared as a whole, so they must not be merged. */
  private void setItems(Map<String, Object> schema, FieldPath at) {
    String type = Trees.stringOr(schema, "", "items", "type");
    String why = "must be atomic as item of a list with x-kubernetes-list-type=set";
    if (type.equals("object")
        && !"atomic".equals(Trees.string(schema, "items", "x-kubernetes-map-type"))) {
      errors.add(
          FieldError.invalid(
              at.child("items", "x-kubernetes-map-type"),
              Trees.get(schema, "items", "x-kubernetes-map-type"),
              why));
    }
    if (type.equals("array")) {
      String items = Trees.stringOr(schema, "", "items", "x-kubernetes-list-type");
      if (!items.isEmpty() && !items.equals("atomic")) {
        errors.add(FieldError.invalid(at.child("items", "x-kubernetes-list-type"), items, why));
      }
    }
    if (Trees.bool(schema, "items", "nullable")) {
      errors.add(
          FieldError.forbidden(
              at.child("items", "nullable"),
              "cannot be nullable when x-kubernetes-list-type is set"));
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
    if (!listType.isEmpty() && !"array".equals(schema.get("type"))) {
      errors.add(
          FieldError.invalid(
              at.child("type"),
              Trees.stringOr(schema, "", "type"),
              "must be array if x-kubernetes-list-type is specified"));
    }
    if (listType.equals("map") && !"object".equals(Trees.string(schema, "items", "type"))) {
      errors.add(
          FieldError.invalid(
              at.child("items", "type"),
              Trees.stringOr(schema, "", "items", "type"),
              "must be object if parent array's x-kubernetes-list-type is map"));
    }
    if (listType.equals("set")) {
      setItems(schema, at);
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
      } else if (!Trees.strings(schema, "items", "required").contains(keys.get(i))
          && Trees.get(schema, "items", "properties", keys.get(i), "default") == null) {
        errors.add(
            FieldError.required(
                at.child("items", "properties").key(keys.get(i)).child("default"),
                "this property is in x-kubernetes-list-map-keys, so it must have a default or be a"
                    + " required property"));
      }
    }
  }
}
