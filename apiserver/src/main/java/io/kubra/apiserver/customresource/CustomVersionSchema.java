package io.kubra.apiserver.customresource;

import io.kubra.api.status.FieldError;
import io.kubra.api.structural.StructuralSchema;
import io.kubra.api.structural.ValueValidation;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.cel.SchemaRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The schema of one version of a custom resource, read when it is first needed. */
final class CustomVersionSchema {
  private final Map<String, Object> version;
  private volatile @Nullable StructuralSchema schema;
  private volatile @Nullable SchemaRules rules;

  CustomVersionSchema(Map<String, Object> version) {
    this.version = version;
  }

  /** As the definition gives it. */
  Map<String, Object> openApi() {
    Map<String, Object> tree = Trees.map(version, "schema", "openAPIV3Schema");
    return tree == null ? new LinkedHashMap<>() : tree;
  }

  /** What is wrong with an object; {@code old} is null on create. */
  List<FieldError> validate(Map<String, Object> object, @Nullable Map<String, Object> old) {
    StructuralSchema structural = structural();
    List<FieldError> errors =
        new ArrayList<>(ValueValidation.validateUpdate(structural, object, old));
    SchemaRules validations = rules;
    if (errors.isEmpty() && validations != null) {
      errors.addAll(validations.check(object, old));
    }
    return errors;
  }

  StructuralSchema structural() {
    StructuralSchema known = schema;
    if (known == null) {
      known = StructuralSchema.parse(openApi());
      rules = SchemaRules.of(known);
      schema = known;
    }
    return known;
  }
}
