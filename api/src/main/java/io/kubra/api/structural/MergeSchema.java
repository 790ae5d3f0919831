package io.kubra.api.structural;

import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.Schema;
import io.kubra.api.schema.Schema.Kind;
import io.kubra.api.schema.Schema.ListType;
import java.util.List;
import java.util.Map;

/**
 * Translates structural schemas to the schemas of the catalogue, by which objects are pruned and
 * merged.
 */
public final class MergeSchema {
  private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
  private static final Schema STRING = Schema.builder(Kind.STRING).build();

  private MergeSchema() {}

  /** The type of a custom resource, with the fields that every resource has. */
  public static Schema ofResource(StructuralSchema root) {
    return resource(root);
  }

  /** The type of a value within a custom resource. */
  public static Schema ofValue(StructuralSchema schema) {
    return of(schema);
  }

  private static Schema resource(StructuralSchema schema) {
    Schema.Builder b =
        Schema.builder(Kind.OBJECT)
            .preserveUnknownFields(schema.preserveUnknownFields())
            .field("apiVersion", STRING, false)
            .field("kind", STRING, false)
            .field("metadata", Catalogue.builtin().type(OBJECT_META), false);
    schema.withoutTypeMeta().forEach((name, property) -> b.field(name, of(property), false));
    return mapType(b, schema).build();
  }

  private static Schema of(StructuralSchema schema) {
    if (schema.embeddedResource()) {
      return resource(schema);
    }
    if (schema.intOrString()) {
      return Schema.builder(Kind.INT_OR_STRING).build();
    }
    return switch (schema.type()) {
      case "object" -> object(schema);
      case "array" -> list(schema);
      case "string" -> STRING;
      case "integer" -> Schema.builder(Kind.INTEGER).format(schema.constraints().format()).build();
      case "number" -> Schema.builder(Kind.NUMBER).format(schema.constraints().format()).build();
      case "boolean" -> Schema.builder(Kind.BOOLEAN).build();
      default -> schema.properties().isEmpty() ? raw() : object(schema);
    };
  }

  private static Schema raw() {
    return Schema.builder(Kind.RAW).build();
  }

  private static Schema object(StructuralSchema schema) {
    Map<String, StructuralSchema> properties = schema.properties();
    StructuralSchema values = schema.additional();
    if (values != null) {
      return mapType(Schema.builder(Kind.MAP).values(of(values)), schema).build();
    }
    if (schema.additionalAllowed()) {
      return mapType(Schema.builder(Kind.MAP).values(raw()), schema).build();
    }
    Schema.Builder b =
        Schema.builder(Kind.OBJECT).preserveUnknownFields(schema.preserveUnknownFields());
    properties.forEach((name, property) -> b.field(name, of(property), false));
    return mapType(b, schema).build();
  }

  private static Schema.Builder mapType(Schema.Builder b, StructuralSchema schema) {
    return schema.mapType().equals("atomic") ? b.atomicMap(true) : b;
  }

  private static Schema list(StructuralSchema schema) {
    StructuralSchema items = schema.items();
    ListType type =
        switch (schema.listType()) {
          case "set" -> ListType.SET;
          case "map" -> ListType.MAP;
          default -> ListType.ATOMIC;
        };
    List<String> keys = type == ListType.MAP ? schema.listMapKeys() : List.of();
    return Schema.builder(Kind.LIST)
        .items(items == null ? raw() : of(items))
        .listType(type, keys)
        .build();
  }
}
