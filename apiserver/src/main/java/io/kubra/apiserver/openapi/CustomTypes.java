package io.kubra.apiserver.openapi;

import io.kubra.api.schema.AddedResource;
import io.kubra.api.tree.Trees;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Publishes the types of custom resources: their own schema with what every resource has. */
final class CustomTypes {
  static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  /** What the second version of OpenAPI cannot say, or kubectl of that time stumbles over. */
  private static final Set<String> NOT_IN_V2 =
      Set.of("oneOf", "anyOf", "allOf", "not", "nullable", "x-kubernetes-validations");

  private CustomTypes() {}

  static Map<String, Object> write(AddedResource added, Dialect dialect) {
    Map<String, Object> tree = Trees.deepCopy(added.openApi().get());
    if (dialect == Dialect.V2) {
      tree = forV2(tree);
    }
    if (!Trees.bool(tree, "x-kubernetes-preserve-unknown-fields")
        || tree.containsKey("properties")) {
      addMetadata(tree, dialect);
    }
    tree.put("type", "object");
    tree.put("x-kubernetes-group-version-kind", List.of(SchemaWriter.kind(added.info().kind())));
    return tree;
  }

  private static void addMetadata(Map<String, Object> tree, Dialect dialect) {
    Map<String, Object> properties = Trees.ensureMap(tree, "properties");
    properties.put(
        "apiVersion",
        Dialect.tree(
            "description",
            "The group and version of the schema of this object.",
            "type",
            "string"));
    properties.put(
        "kind",
        Dialect.tree("description", "The kind of resource that this object is.", "type", "string"));
    Map<String, Object> metadata =
        Dialect.tree("description", "The metadata that every object has.");
    properties.put("metadata", dialect.refersTo(OBJECT_META, metadata));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> forV2(Map<String, Object> tree) {
    Map<String, Object> next = new LinkedHashMap<>(tree);
    boolean open = Trees.bool(tree, "x-kubernetes-preserve-unknown-fields");
    boolean nullable = Trees.bool(tree, "nullable");
    next.keySet().removeAll(NOT_IN_V2);
    if (Trees.bool(tree, "x-kubernetes-int-or-string") || nullable) {
      next.remove("type");
    }
    if (nullable || (open && !tree.containsKey("properties"))) {
      next.remove("items");
      next.remove("properties");
    }
    for (String field : List.of("items", "additionalProperties")) {
      if (next.get(field) instanceof Map<?, ?> below) {
        next.put(field, forV2((Map<String, Object>) below));
      }
    }
    if (Trees.map(next, "properties") instanceof Map<?, ?> properties) {
      Map<String, Object> all = new LinkedHashMap<>();
      properties.forEach(
          (name, below) ->
              all.put(
                  String.valueOf(name),
                  below instanceof Map<?, ?> map ? forV2((Map<String, Object>) map) : below));
      next.put("properties", all);
    }
    return next;
  }
}
