package io.kubra.node.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The query of a request. */
final class Query {
  private final Map<String, List<String>> values = new LinkedHashMap<>();

  Query(@Nullable String raw) {
    if (raw == null) {
      return;
    }
    for (String pair : raw.split("&")) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  String get(String name) {
    List<String> all = values.get(name);
    return all == null ? "" : all.getFirst();
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  boolean flag(String name) {
    String value = get(name);
    return value.equals("1") || value.equalsIgnoreCase("true");
  }

  long number(String name, long otherwise) throws Refusal {
    String value = get(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new Refusal(400, "invalid value for %s: \"%s\"".formatted(name, value));
    }
  }
}
