package io.kubra.apiserver.openapi;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.AddedResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.Schema;
import io.kubra.api.schema.Schema.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes types of the catalogue as OpenAPI schemas. */
final class SchemaWriter {
  /** The defaults that the API declares in its schema, beyond those set in code. */
  private static final Map<String, String> DECLARED_DEFAULTS =
      Map.of(
          "io.k8s.api.core.v1.ContainerPort.protocol", "TCP",
          "io.k8s.api.core.v1.ServicePort.protocol", "TCP",
          "io.k8s.api.core.v1.GRPCAction.service", "");

  private final Catalogue catalogue;
  private final Descriptions descriptions;
  private final Dialect dialect;

  SchemaWriter(Catalogue catalogue, Descriptions descriptions, Dialect dialect) {
    this.catalogue = catalogue;
    this.descriptions = descriptions;
    this.dialect = dialect;
  }

  /** The given types and all that they refer to, by name in alphabetical order. */
  Map<String, Object> closure(Collection<String> roots) {
    Map<String, Object> written = new TreeMap<>();
    ArrayDeque<String> open = new ArrayDeque<>(roots);
    while (!open.isEmpty()) {
      String name = open.poll();
      if (!written.containsKey(name)) {
        AddedResource added = catalogue.addedType(name);
        if (added != null && added.typeName().equals(name)) {
          written.put(name, CustomTypes.write(added, dialect));
          open.add(CustomTypes.OBJECT_META);
          continue;
        }
        Schema type = catalogue.type(name);
        written.put(name, type(name, type));
        for (Schema.Field field : type.fields().values()) {
          referred(field.schema(), open);
        }
      }
    }
    return written;
  }

  private static void referred(Schema schema, ArrayDeque<String> open) {
    if (schema.name() != null) {
      open.add(schema.name());
    }
    if (schema.items() != null) {
      referred(schema.items(), open);
    }
    if (schema.values() != null) {
      referred(schema.values(), open);
    }
  }

  private Map<String, Object> type(String name, Schema type) {
    Map<String, Object> tree = new LinkedHashMap<>();
    String text = descriptions.type(name);
    if (!text.isEmpty()) {
      tree.put("description", text);
    }
    scalar(type, tree);
    if (type.kind() == Kind.OBJECT && !type.fields().isEmpty()) {
      if (!type.required().isEmpty()) {
        tree.put("required", type.required());
      }
      Map<String, Object> properties = new LinkedHashMap<>();
      for (Schema.Field field : type.fields().values()) {
        properties.put(field.name(), property(name, field));
      }
      tree.put("properties", properties);
    }
    if (type.atomicMap()) {
      tree.put("x-kubernetes-map-type", "atomic");
    }
    if (!type.kinds().isEmpty()) {
      List<Object> kinds = new ArrayList<>();
      for (GroupVersionKind kind : type.kinds()) {
        kinds.add(kind(kind));
      }
      tree.put("x-kubernetes-group-version-kind", kinds);
    }
    if (!type.unions().isEmpty()) {
      tree.put("x-kubernetes-unions", type.unions().stream().map(SchemaWriter::union).toList());
    }
    return tree;
  }

  static Map<String, Object> kind(GroupVersionKind kind) {
    return Dialect.tree("group", kind.group(), "kind", kind.kind(), "version", kind.version());
  }

  private static Map<String, Object> union(Map<String, Object> union) {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (union.containsKey("discriminator")) {
      tree.put("discriminator", union.get("discriminator"));
    }
    tree.put("fields-to-discriminateBy", union.get("fields"));
    return tree;
  }

  private Map<String, Object> property(String type, Schema.Field field) {
    Map<String, Object> tree = new LinkedHashMap<>();
    String text = descriptions.field(type, field.name());
    if (!text.isEmpty()) {
      tree.put("description", text);
    }
    String declared = DECLARED_DEFAULTS.get(type + "." + field.name());
    if (declared != null) {
      tree.put("default", declared);
    }
    Schema schema = field.schema();
    extensions(schema, tree);
    return value(schema, tree);
  }

  private Map<String, Object> value(Schema schema, Map<String, Object> tree) {
    if (schema.name() != null) {
      return dialect.refersTo(schema.name(), tree);
    }
    scalar(schema, tree);
    if (schema.items() != null) {
      tree.put("items", value(schema.items(), new LinkedHashMap<>()));
    }
    if (schema.values() != null) {
      tree.put("additionalProperties", value(schema.values(), new LinkedHashMap<>()));
    }
    return tree;
  }

  private static void extensions(Schema schema, Map<String, Object> tree) {
    if (schema.kind() == Kind.LIST) {
      if (schema.listType() == Schema.ListType.MAP) {
        tree.put("x-kubernetes-list-map-keys", schema.listMapKeys());
      }
      tree.put(
          "x-kubernetes-list-type",
          switch (schema.listType()) {
            case ATOMIC -> "atomic";
            case SET -> "set";
            case MAP -> "map";
          });
    }
    if (schema.kind() == Kind.MAP && schema.atomicMap()) {
      tree.put("x-kubernetes-map-type", "atomic");
    }
    if (schema.patchMergeKey() != null) {
      tree.put("x-kubernetes-patch-merge-key", schema.patchMergeKey());
    }
    if (!schema.patchStrategies().isEmpty()) {
      tree.put("x-kubernetes-patch-strategy", String.join(",", schema.patchStrategies()));
    }
  }

  private void scalar(Schema schema, Map<String, Object> tree) {
    switch (schema.kind()) {
      case OBJECT, MAP -> tree.put("type", "object");
      case LIST -> tree.put("type", "array");
      case STRING -> typed(tree, "string", schema.format());
      case INTEGER -> typed(tree, "integer", schema.format());
      case NUMBER -> typed(tree, "number", schema.format());
      case BOOLEAN -> tree.put("type", "boolean");
      case TIME, MICRO_TIME -> typed(tree, "string", "date-time");
      case BYTES -> typed(tree, "string", "byte");
      case INT_OR_STRING -> tree.putAll(dialect.intOrString());
      case QUANTITY -> tree.putAll(dialect.quantity());
      case RAW -> {
        // JSON values may be of any type, the other open types are objects
        String name = schema.name();
        if (name == null || !(name.endsWith(".JSON") || name.endsWith("JSONSchemaPropsOrBool"))) {
          tree.put("type", "object");
        }
      }
    }
  }

  private static void typed(
      Map<String, Object> tree, String type, @org.jspecify.annotations.Nullable String format) {
    tree.put("type", type);
    if (format != null) {
      tree.put("format", format);
    }
  }
}
