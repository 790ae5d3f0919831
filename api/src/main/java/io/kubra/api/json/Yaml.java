package io.kubra.api.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * YAML to object trees and back. Plain scalars resolve as the reference's reader does: YAML 1.1
 * booleans, octal numbers, infinities refused. Keys become strings.
 */
public final class Yaml {
  private Yaml() {}

  /**
   * Reads the first document; null if there is none.
   *
   * @throws JsonSyntaxException if the text is no YAML, or expands to too much through aliases
   */
  public static @Nullable Object parse(byte[] text) {
    return first(new YamlReader(text, null).documents());
  }

  /** Reads the first document and reports duplicate keys. */
  public static @Nullable Object parse(byte[] text, Consumer<String> duplicates) {
    return first(new YamlReader(text, duplicates).documents());
  }

  private static @Nullable Object first(List<Object> documents) {
    return documents.isEmpty() ? null : documents.getFirst();
  }

  /** Reads all documents that are not empty. */
  public static List<Object> parseAll(byte[] text) {
    return new YamlReader(text, null).documents();
  }

  /** Reads all documents of a string. */
  public static List<Object> parseAll(String text) {
    return parseAll(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads the first document as an object.
   *
   * @throws JsonSyntaxException also if it is of another kind
   */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> parseObject(byte[] text) {
    Object value = parse(text);
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new JsonSyntaxException(
        "json: cannot unmarshal "
            + Json.nameOf(value)
            + " into Go value of type map[string]interface {}",
        0);
  }

  /** Writes a tree as one document, in block style. */
  public static byte[] write(@Nullable Object tree) {
    return new YamlWriter().write(tree).getBytes(StandardCharsets.UTF_8);
  }
}
