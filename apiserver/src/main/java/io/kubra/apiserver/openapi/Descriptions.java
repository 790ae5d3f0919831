package io.kubra.apiserver.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Texts for types and fields. The data has one line each: {@code Type text} or {@code Type.field
 * text}; a line {@code *.field text} holds for that field of all types that have no own.
 */
final class Descriptions {
  private final Map<String, String> texts = new HashMap<>();

  static Descriptions load() {
    Descriptions descriptions = new Descriptions();
    try (InputStream in =
        Objects.requireNonNull(Descriptions.class.getResourceAsStream("descriptions.txt"))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(descriptions::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return descriptions;
  }

  private void add(String line) {
    int space = line.indexOf(' ');
    texts.put(line.substring(0, space), line.substring(space + 1).strip());
  }

  /** The text of a type, empty if there is none. */
  String type(String type) {
    return texts.getOrDefault(simple(type), "");
  }

  /** The text of a field, empty if there is none. */
  String field(String type, String field) {
    String own = texts.get(simple(type) + "." + field);
    return own != null ? own : texts.getOrDefault("*." + field, "");
  }

  private static String simple(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
