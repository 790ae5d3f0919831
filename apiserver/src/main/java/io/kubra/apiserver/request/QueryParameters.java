package io.kubra.apiserver.request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The decoded query of a request. */
public final class QueryParameters {
  private static final QueryParameters NONE = new QueryParameters(Map.of());
  private final Map<String, List<String>> values;

  private QueryParameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /** Parses a raw query string; malformed escapes are kept as they are. */
  public static QueryParameters parse(@Nullable String rawQuery) {
    if (rawQuery == null || rawQuery.isEmpty()) {
      return NONE;
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : rawQuery.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String key = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      values.computeIfAbsent(key, k -> new ArrayList<>(1)).add(value);
    }
    return new QueryParameters(values);
  }

  /** The first value, empty if absent. */
  public String get(String name) {
    List<String> all = values.get(name);
    return all == null ? "" : all.getFirst();
  }

  /** Whether the parameter is there at all. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** All values of a parameter that may be repeated. */
  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** All parameters in the order they were given. */
  public Map<String, List<String>> asMap() {
    return values;
  }

  /** A boolean parameter as the API reads it: present and neither false nor 0. */
  public boolean flag(String name) {
    List<String> all = values.get(name);
    if (all == null) {
      return false;
    }
    String value = all.getFirst();
    return !value.equals("0") && !value.equalsIgnoreCase("false");
  }

  /** An integer parameter; the default if absent or no number. */
  public long number(String name, long otherwise) {
    try {
      String value = get(name);
      return value.isEmpty() ? otherwise : Long.parseLong(value);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private static String decode(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return text;
    }
  }
}
