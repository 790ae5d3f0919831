package io.kubra.codegen.model;

import io.kubra.codegen.data.SchemaData;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Java side of a property's type: its name, and the code that reads and writes one value. */
sealed interface FieldType {
  /** The Java type name, boxed where a primitive exists. */
  String java();

  /** An expression that reads a value at the current token of the named parser variable. */
  String read(String parser);

  /** A statement that writes the value of an expression to the named generator variable. */
  String write(String generator, String value);

  /**
   * A scalar: {@code %p} and {@code %g} stand for parser and generator, {@code %v} for the value.
   */
  record Scalar(String java, String reader, String writer) implements FieldType {
    @Override
    public String read(String parser) {
      return reader.replace("%p", parser);
    }

    @Override
    public String write(String generator, String value) {
      return writer.replace("%g", generator).replace("%v", value);
    }
  }

  record Struct(String java) implements FieldType {
    @Override
    public String read(String parser) {
      return java + ".read(" + parser + ")";
    }

    @Override
    public String write(String generator, String value) {
      return value + ".write(" + generator + ");";
    }
  }

  record ListOf(FieldType items) implements FieldType {
    @Override
    public String java() {
      return "java.util.List<" + items.java() + ">";
    }

    @Override
    public String read(String parser) {
      return readAll("list", items, parser);
    }

    @Override
    public String write(String generator, String value) {
      return writeAll("list", items, generator, value);
    }
  }

  record MapOf(FieldType values) implements FieldType {
    @Override
    public String java() {
      return "java.util.Map<String, " + values.java() + ">";
    }

    @Override
    public String read(String parser) {
      return readAll("map", values, parser);
    }

    @Override
    public String write(String generator, String value) {
      return writeAll("map", values, generator, value);
    }
  }

  private static String readAll(String method, FieldType element, String parser) {
    String inner = parser + "_";
    return "Codec.%s(%s, %s -> %s)".formatted(method, parser, inner, element.read(inner));
  }

  private static String writeAll(String method, FieldType element, String generator, String value) {
    String inner = generator + "_";
    String each = "v" + "_".repeat(inner.length());
    return "Codec.%s(%s, %s, (%s, %s) -> { %s });"
        .formatted(method, generator, value, inner, each, element.write(inner, each));
  }

  Scalar STRING = new Scalar("String", "Codec.string(%p)", "%g.writeString(%v);");
  Scalar INTEGER = new Scalar("Integer", "Codec.integer(%p)", "%g.writeNumber(%v);");
  Scalar LONG = new Scalar("Long", "Codec.longInteger(%p)", "%g.writeNumber(%v);");
  Scalar DOUBLE = new Scalar("Double", "Codec.number(%p)", "%g.writeNumber(%v);");
  Scalar BOOLEAN = new Scalar("Boolean", "Codec.bool(%p)", "%g.writeBoolean(%v);");
  Scalar BYTES = new Scalar("byte[]", "Codec.bytes(%p)", "%g.writeBinary(%v);");
  Scalar TIME = new Scalar("java.time.Instant", "Codec.time(%p)", "Codec.time(%g, %v);");
  Scalar MICRO_TIME = new Scalar("java.time.Instant", "Codec.time(%p)", "Codec.microTime(%g, %v);");
  Scalar INT_OR_STRING =
      new Scalar(
          "io.kubra.model.IntOrString", "Codec.intOrString(%p)", "Codec.intOrString(%g, %v);");
  Scalar TREE = new Scalar("Object", "Codec.tree(%p)", "Codec.tree(%g, %v);");

  /** The field type of a schema node. */
  static FieldType of(Map<String, Object> node, Map<String, Map<String, Object>> types) {
    String ref = (String) node.get("ref");
    if (ref != null) {
      return ofRef(ref, types);
    }
    return switch (String.valueOf(node.get("type"))) {
      case "array" -> new ListOf(of(SchemaData.map(required(node, "items")), types));
      case "object" -> {
        Object values = node.get("values");
        yield values == null ? TREE : new MapOf(of(SchemaData.map(values), types));
      }
      case "string" -> "byte".equals(node.get("format")) ? BYTES : STRING;
      case "integer" -> "int64".equals(node.get("format")) ? LONG : INTEGER;
      case "number" -> DOUBLE;
      case "boolean" -> BOOLEAN;
      default -> TREE;
    };
  }

  private static FieldType ofRef(String ref, Map<String, Map<String, Object>> types) {
    return switch (JavaNames.simpleName(ref)) {
      case "Time" -> TIME;
      case "MicroTime" -> MICRO_TIME;
      case "IntOrString" -> INT_OR_STRING;
      case "Quantity" -> STRING;
      default -> {
        Map<String, Object> target = types.get(ref);
        yield target == null || !target.containsKey("properties")
            ? TREE
            : new Struct(JavaNames.className(ref));
      }
    };
  }

  private static Object required(Map<String, Object> node, String key) {
    @Nullable Object value = node.get(key);
    if (value == null) {
      throw new IllegalStateException("schema node lacks " + key + ": " + node);
    }
    return value;
  }
}
