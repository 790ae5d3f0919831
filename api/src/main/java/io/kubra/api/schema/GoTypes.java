package io.kubra.api.schema;

import org.jspecify.annotations.Nullable;

/** How the reference's error texts name the type of a schema. */
final class GoTypes {
  private GoTypes() {}

  /** The name without package, such as {@code PodSpec}. */
  static String simple(Schema schema) {
    String name = schema.name();
    return name == null ? "" : name.substring(name.lastIndexOf('.') + 1);
  }

  /** The whole type, such as {@code []v1.Container}. */
  static String name(@Nullable Schema schema) {
    if (schema == null) {
      return "interface {}";
    }
    return switch (schema.kind()) {
      case OBJECT, INT_OR_STRING, QUANTITY, TIME, MICRO_TIME, RAW -> qualified(schema);
      case MAP -> "map[string]" + name(schema.values());
      case LIST -> "[]" + name(schema.items());
      case STRING -> "string";
      case INTEGER -> schema.format() instanceof String format ? format : "int64";
      case NUMBER -> "float64";
      case BOOLEAN -> "bool";
      case BYTES -> "[]uint8";
    };
  }

  private static String qualified(Schema schema) {
    String name = schema.name();
    if (name == null) {
      return "interface {}";
    }
    int last = name.lastIndexOf('.');
    return name.substring(name.lastIndexOf('.', last - 1) + 1);
  }
}
