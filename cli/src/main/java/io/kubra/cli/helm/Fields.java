package io.kubra.cli.helm;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lines in which the library reports records: encoded like the query of an address. */
final class Fields {
  private Fields() {}

  static Map<String, String> of(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : line.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return fields;
  }
}
