package io.kubra.apiserver.customresource;

import io.kubra.api.structural.StructuralSchema;
import io.kubra.api.tree.Trees;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The schema of one version of a custom resource, read when it is first needed. */
final class CustomVersionSchema {
  private final Map<String, Object> version;
  private volatile @Nullable StructuralSchema schema;

  CustomVersionSchema(Map<String, Object> version) {
    this.version = version;
  }

  /** As the definition gives it. */
  Map<String, Object> openApi() {
    Map<String, Object> tree = Trees.map(version, "schema", "openAPIV3Schema");
    return tree == null ? new LinkedHashMap<>() : tree;
  }

  StructuralSchema structural() {
    StructuralSchema known = schema;
    if (known == null) {
      known = StructuralSchema.parse(openApi());
      schema = known;
    }
    return known;
  }
}
