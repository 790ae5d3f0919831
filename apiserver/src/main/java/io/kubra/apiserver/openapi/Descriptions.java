package io.kubra.apiserver.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Texts for types and fields. The data has one line each: {@code Type text} or {@code Type.field
 * text}; a line {@code *Word.field text} holds for that field of all types whose name ends with the
 * word, and {@code *.field text} of all types, if they have no own.
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

  /** What there are texts for. */
  Set<String> keys() {
    return texts.keySet();
  }

  /** The text of a type, empty if there is none. */
  String type(String type) {
    return texts.getOrDefault(simple(type), "");
  }

  /** The text of a field, empty if there is none. */
  String field(String type, String field) {
    String name = simple(type);
    for (String key : List.of(name, "*" + lastWord(name), "*")) {
      String text = texts.get(key + "." + field);
      if (text != null) {
        return text;
      }
    }
    return "";
  }

  private static String lastWord(String name) {
    int at = name.length() - 1;
    while (at > 0 && !Character.isUpperCase(name.charAt(at))) {
      at--;
    }
    return name.substring(at);
  }

  private static String simple(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
