package io.kubra.apiserver.cel;

import io.kubra.api.structural.StructuralSchema;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values of custom resources as expressions see them. */
final class SchemaValues {
  private static final Set<String> RESERVED =
      Set.of(
          "true",
          "false",
          "null",
          "in",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return",
          "var",
          "void",
          "while");

  private SchemaValues() {}

  /** Converts a value; nulls are left out, names are escaped, times are times. */
  static Object of(@Nullable StructuralSchema schema, Object value) {
    return switch (value) {
      case Map<?, ?> map -> map(schema, map);
      case List<?> list -> {
        List<Object> items = new ArrayList<>(list.size());
        for (Object item : list) {
          if (item != null) {
            items.add(of(schema == null ? null : schema.items(), item));
          }
        }
        yield items;
      }
      case Long n when schema != null && schema.type().equals("number") -> n.doubleValue();
      case Double d when schema != null && schema.type().equals("integer") -> d.longValue();
      case String text when schema != null -> text(schema.format(), text);
      default -> value;
    };
  }

  private static Map<String, Object> map(@Nullable StructuralSchema schema, Map<?, ?> map) {
    Map<String, Object> fields = HashMap.newHashMap(map.size());
    map.forEach(
        (k, v) -> {
          if (v != null) {
            String name = String.valueOf(k);
            boolean property = schema != null && schema.properties().containsKey(name);
            fields.put(
                property ? escaped(name) : name, of(schema == null ? null : schema.below(name), v));
          }
        });
    return fields;
  }

  /** A property's name as an identifier of the language. */
  static String escaped(String name) {
    if (RESERVED.contains(name)) {
      return "__" + name + "__";
    }
    return name.replace("__", "__underscores__")
        .replace(".", "__dot__")
        .replace("-", "__dash__")
        .replace("/", "__slash__");
  }

  private static Object text(String format, String text) {
    try {
      return switch (format) {
        case "date-time", "datetime" -> OffsetDateTime.parse(text).toInstant();
        case "date" -> Instant.parse(text + "T00:00:00Z");
        case "duration" -> duration(text);
        default -> text;
      };
    } catch (DateTimeParseException | NumberFormatException e) {
      return text;
    }
  }

  /** Durations as Go writes them, such as 1h30m. */
  private static Object duration(String text) {
    String rest = text;
    boolean negative = rest.startsWith("-");
    rest = negative || rest.startsWith("+") ? rest.substring(1) : rest;
    double nanos = 0;
    java.util.regex.Matcher m =
        java.util.regex.Pattern.compile("([0-9.]+)(ns|us|µs|ms|s|m|h)").matcher(rest);
    int end = 0;
    while (m.find() && m.start() == end) {
      end = m.end();
      nanos += Double.parseDouble(m.group(1)) * unit(m.group(2));
    }
    if (end == 0 || end != rest.length()) {
      return text;
    }
    return Duration.ofNanos((long) (negative ? -nanos : nanos));
  }

  private static double unit(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      default -> 3600e9;
    };
  }
}
