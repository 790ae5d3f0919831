package io.kubra.apiserver.rules.extension;

import io.kubra.api.schema.SchemaWalk;
import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.structural.MergeSchema;
import io.kubra.api.structural.StructuralSchema;
import io.kubra.api.structural.ValueValidation;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that the defaults in a structural schema are what the schema itself allows. */
final class DefaultChecks {
  private DefaultChecks() {}

  static List<FieldError> check(Map<String, Object> root, FieldPath at) {
    List<FieldError> errors = new ArrayList<>();
    visit(root, at, true, errors);
    return errors;
  }

  private static void visit(
      @Nullable Map<String, Object> schema, FieldPath at, boolean root, List<FieldError> errors) {
    if (schema == null) {
      return;
    }
    Object value = schema.get("default");
    if (value != null && !root) {
      check(schema, value, at.child("default"), errors);
    }
    Map<String, Object> properties = Trees.map(schema, "properties");
    if (properties != null) {
      for (String name : properties.keySet()) {
        visit(Trees.map(properties, name), at.child("properties").key(name), false, errors);
      }
    }
    visit(Trees.map(schema, "items"), at.child("items"), false, errors);
    visit(
        Trees.map(schema, "additionalProperties"), at.child("additionalProperties"), false, errors);
  }

  private static void check(
      Map<String, Object> schema, Object value, FieldPath at, List<FieldError> errors) {
    StructuralSchema structural = StructuralSchema.parse(schema);
    if (value instanceof Map<?, ?>) {
      Map<String, Object> copy = Trees.map(Trees.deepCopy(value));
      if (copy != null
          && !SchemaWalk.unknownFields(MergeSchema.ofValue(structural), copy, true).isEmpty()) {
        errors.add(FieldError.invalid(at, value, "must not have unknown fields"));
      }
    }
    Object filled = Trees.deepCopy(value);
    if (Trees.map(filled) instanceof Map<String, Object> object) {
      structural.applyDefaults(object);
    }
    for (FieldError e : ValueValidation.validateValue(structural, filled)) {
      String place = e.field().equals("<nil>") ? at.toString() : at + "." + e.field();
      errors.add(new FieldError(e.type(), place, e.badValue(), e.detail().strip()));
    }
  }
}
