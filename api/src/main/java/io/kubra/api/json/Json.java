package io.kubra.api.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** JSON text to object trees and back. */
public final class Json {
  private Json() {}

  /**
   * Reads one value. Of duplicate keys the last one counts.
   *
   * @throws JsonSyntaxException if the text is not one JSON value
   */
  public static @Nullable Object parse(byte[] text) {
    return new JsonReader(text, 0, text.length, null).document();
  }

  /** Reads one value from a part of an array. */
  public static @Nullable Object parse(byte[] text, int offset, int length) {
    return new JsonReader(text, offset, offset + length, null).document();
  }

  /** Reads one value and reports the path ({@code spec.ports[0].name}) of each duplicate key. */
  public static @Nullable Object parse(byte[] text, Consumer<String> duplicates) {
    return new JsonReader(text, 0, text.length, duplicates).document();
  }

  /**
   * Reads an object.
   *
   * @throws JsonSyntaxException also if the value is of another kind
   */
  public static Map<String, Object> parseObject(byte[] text) {
    return object(parse(text));
  }

  /** Reads an object and reports duplicate keys. */
  public static Map<String, Object> parseObject(byte[] text, Consumer<String> duplicates) {
    return object(parse(text, duplicates));
  }

  /** Reads one value from a string. */
  public static @Nullable Object parse(String text) {
    return parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new JsonSyntaxException(
        "json: cannot unmarshal "
            + nameOf(value)
            + " into Go value of type map[string]interface {}",
        0);
  }

  /** What JSON calls the kind of a value: string, number, bool, array, object or null. */
  public static String nameOf(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String s -> "string";
      case Boolean b -> "bool";
      case Number n -> "number";
      case Map<?, ?> m -> "object";
      default -> "array";
    };
  }

  /** Writes a tree as compact UTF-8 text. */
  public static byte[] write(@Nullable Object tree) {
    JsonWriter writer = new JsonWriter();
    writer.value(tree);
    return writer.toByteArray();
  }

  /** Writes a tree to a stream, which stays open. */
  public static void write(@Nullable Object tree, OutputStream out) throws IOException {
    JsonWriter writer = new JsonWriter();
    writer.value(tree);
    writer.writeTo(out);
  }

  /** Writes a tree as a string. */
  public static String toString(@Nullable Object tree) {
    return new String(write(tree), StandardCharsets.UTF_8);
  }
}
