package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import io.kubra.api.schema.Schema;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types of objects of the catalogue. */
public final class BuiltinTypes {
  private BuiltinTypes() {}

  /**
   * The type of a kind's objects. Fields whose names are words of the language have two names.
   *
   * @param name of the type, if its schema has none
   */
  public static CelType of(Schema schema, String name) {
    return switch (schema.kind()) {
      case OBJECT -> object(schema, name);
      case MAP -> MapType.create(SimpleType.STRING, orDynamic(schema.values(), name + ".@values"));
      case LIST -> ListType.create(orDynamic(schema.items(), name + ".@items"));
      case STRING, QUANTITY -> SimpleType.STRING;
      case INTEGER -> SimpleType.INT;
      case NUMBER -> SimpleType.DOUBLE;
      case BOOLEAN -> SimpleType.BOOL;
      case TIME, MICRO_TIME -> SimpleType.TIMESTAMP;
      case BYTES -> SimpleType.BYTES;
      case INT_OR_STRING, RAW -> SimpleType.DYN;
    };
  }

  private static CelType orDynamic(@Nullable Schema schema, String name) {
    return schema == null ? SimpleType.DYN : of(schema, name);
  }

  private static CelType object(Schema schema, String name) {
    String own = schema.name();
    String typeName = own == null ? name : own;
    if (schema.fields().isEmpty() && schema.preserveUnknownFields()) {
      return SimpleType.DYN;
    }
    Set<String> names = new LinkedHashSet<>();
    for (String field : schema.fields().keySet()) {
      names.add(field);
      names.add(SchemaValues.escaped(field));
    }
    return Types.lazyObject(
        typeName,
        names,
        identifier -> {
          Schema.Field field = schema.field(identifier);
          if (field == null) {
            field = schema.field(SchemaValues.unescaped(identifier));
          }
          return field == null ? null : of(field.schema(), typeName + "." + identifier);
        });
  }
}
