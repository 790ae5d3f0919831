package io.kubra.api.apply;

import io.kubra.api.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One step of a field path in the textual form that FieldsV1 uses: {@code f:name} for a field,
 * {@code k:{"name":"a"}} for an item of an associative list, {@code v:"x"} for a member of a set,
 * {@code i:3} for a position. Elements are plain strings, always canonical (keys sorted, no
 * spaces), so that they compare with {@code equals} and need no translation on the way out.
 */
final class PathElement {
  private static final int CACHE_LIMIT = 8192;
  private static final ConcurrentHashMap<String, String> CANONICAL = new ConcurrentHashMap<>();

  private PathElement() {}

  static String field(String name) {
    return "f:".concat(name);
  }

  static String value(@Nullable Object value) {
    return "v:".concat(Json.toString(plain(value)));
  }

  static String key(Map<String, Object> fields) {
    return "k:".concat(Json.toString(fields instanceof TreeMap ? fields : new TreeMap<>(fields)));
  }

  /**
   * Returns the canonical form of an element found in a FieldsV1 document.
   *
   * @throws IllegalArgumentException when the text is no path element
   */
  static String canonical(String text) {
    if (text.startsWith("f:")) {
      return text;
    }
    String known = CANONICAL.get(text);
    if (known != null) {
      return known;
    }
    String result = parse(text);
    if (CANONICAL.size() < CACHE_LIMIT) {
      CANONICAL.put(text, result);
    }
    return result;
  }

  private static String parse(String text) {
    if (text.length() < 2 || text.charAt(1) != ':') {
      throw new IllegalArgumentException("missing colon: " + text);
    }
    String rest = text.substring(2);
    try {
      return switch (text.charAt(0)) {
        case 'k' -> {
          if (!(json(rest) instanceof Map<?, ?> map) || map.isEmpty()) {
            throw new IllegalArgumentException("key is no object: " + text);
          }
          TreeMap<String, Object> sorted = new TreeMap<>();
          map.forEach((k, v) -> sorted.put((String) k, v));
          yield key(sorted);
        }
        case 'v' -> value(json(rest));
        case 'i' -> "i:" + Integer.parseInt(rest);
        default -> throw new IllegalArgumentException("unknown path element: " + text);
      };
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("invalid path element " + text + ": " + e.getMessage(), e);
    }
  }

  /** The element as it reads in messages: {@code .spec}, {@code [name="a"]}, {@code [="x"]}. */
  static String display(String element) {
    String rest = element.substring(2);
    return switch (element.charAt(0)) {
      case 'f' -> "." + rest;
      case 'k' -> {
        List<String> parts = new ArrayList<>();
        if (json(rest) instanceof Map<?, ?> map) {
          map.forEach((k, v) -> parts.add(k + "=" + Json.toString(v)));
        }
        yield "[" + String.join(",", parts) + "]";
      }
      case 'v' -> "[=" + rest + "]";
      default -> "[" + rest + "]";
    };
  }

  static String display(List<String> path) {
    StringBuilder text = new StringBuilder();
    path.forEach(element -> text.append(display(element)));
    return text.toString();
  }

  /** A set member or key value as it is written: whole numbers never carry a fraction. */
  static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1L << 53) {
      return d.longValue();
    }
    return value;
  }

  private static @Nullable Object json(String text) {
    return Json.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
