package io.kubra.apiserver.request;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The decoded query of a request. */
public final class QueryParameters {
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
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

  /**
   * An integer parameter; the default if absent.
   *
   * @throws ApiException 400 in upstream's words if it is no number
   */
  public long number(String name, long otherwise) {
    String value = get(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      String why = INTEGER.matcher(value).matches() ? "value out of range" : "invalid syntax";
      throw ApiException.badRequest(
          "strconv.ParseInt: parsing %s: %s".formatted(Json.toString(value), why));
    }
  }

  /** As {@link #number}, for who only estimates: what is no number counts as absent. */
  public long numberOrElse(String name, long otherwise) {
    try {
      return number(name, otherwise);
    } catch (ApiException e) {
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
