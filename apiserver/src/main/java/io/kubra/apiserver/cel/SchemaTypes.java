package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import io.kubra.api.structural.StructuralSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of values of custom resources. What a schema preserves without knowing it has no type,
 * and expressions cannot reach it.
 */
final class SchemaTypes {
  private SchemaTypes() {}

  /** The type of a whole object: of its metadata only the names can be used. */
  static CelType ofResource(StructuralSchema schema, String name) {
    return object(schema, name, true);
  }

  /** The type of a value; null if nothing is known of it. */
  static @Nullable CelType of(StructuralSchema schema, String name) {
    if (schema.intOrString()) {
      return SimpleType.DYN;
    }
    return switch (schema.type()) {
      case "object" -> {
        StructuralSchema values = schema.additional();
        if (values != null) {
          CelType type = of(values, name + ".@values");
          yield type == null ? null : MapType.create(SimpleType.STRING, type);
        }
        yield object(schema, name, schema.embeddedResource());
      }
      case "array" -> {
        StructuralSchema items = schema.items();
        CelType type = items == null ? null : of(items, name + ".@items");
        yield type == null ? null : ListType.create(type);
      }
      case "string" ->
          switch (schema.format()) {
            case "byte" -> SimpleType.BYTES;
            case "duration" -> SimpleType.DURATION;
            case "date", "date-time", "datetime" -> SimpleType.TIMESTAMP;
            default -> SimpleType.STRING;
          };
      case "boolean" -> SimpleType.BOOL;
      case "integer" -> SimpleType.INT;
      case "number" -> SimpleType.DOUBLE;
      default -> null;
    };
  }

  private static CelType object(StructuralSchema schema, String name, boolean resource) {
    Map<String, CelType> fields = new LinkedHashMap<>();
    schema
        .properties()
        .forEach(
            (property, below) -> {
              CelType type = of(below, name + "." + property);
              if (type != null) {
                fields.put(SchemaValues.escaped(property), type);
              }
            });
    if (resource) {
      fields.put("apiVersion", SimpleType.STRING);
      fields.put("kind", SimpleType.STRING);
      fields.put(
          "metadata",
          Types.object(
              name + ".metadata",
              Map.of("name", SimpleType.STRING, "generateName", SimpleType.STRING)));
    }
    return Types.object(name, fields);
  }
}
