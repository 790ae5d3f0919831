package io.kubra.apiserver.cel;

import dev.cel.common.values.CelByteString;
import io.kubra.api.structural.StructuralSchema;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.LinkedHashSet;
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

  /** Shows a value; nulls are left out, names are escaped, times are times. */
  static Object of(@Nullable StructuralSchema schema, @Nullable Object value) {
    return switch (value) {
      case null -> Values.NULL;
      case Map<?, ?> map -> schema == null ? Values.of(map) : new Typed(schema, map);
      case List<?> list -> {
        StructuralSchema items = schema == null ? null : schema.items();
        yield new ListValue(list, item -> of(items, item), identity(schema));
      }
      case Long n when schema != null && schema.type().equals("number") -> n.doubleValue();
      case Double d when schema != null && schema.type().equals("integer") -> d.longValue();
      case String text when schema != null -> text(schema.format(), text);
      default -> Values.of(value);
    };
  }

  private static ListValue.Identity identity(@Nullable StructuralSchema schema) {
    if (schema == null) {
      return new ListValue.Identity.Place();
    }
    return switch (schema.listType()) {
      case "set" -> new ListValue.Identity.Value();
      case "map" -> new ListValue.Identity.Keys(schema.listMapKeys());
      default -> new ListValue.Identity.Place();
    };
  }

  /** An object or map of a schema. */
  @SuppressWarnings("Immutable") // trees do not change while they are looked at
  private static final class Typed extends MapValue {
    private final StructuralSchema schema;
    private final Map<?, ?> map;

    Typed(StructuralSchema schema, Map<?, ?> map) {
      this.schema = schema;
      this.map = map;
    }

    @Override
    @Nullable Object valueOf(String key) {
      String name = schema.properties().isEmpty() ? key : unescaped(key);
      Object value = map.get(name);
      return value == null ? null : SchemaValues.of(schema.below(name), value);
    }

    @Override
    Set<String> keys() {
      Set<String> keys = LinkedHashSet.newLinkedHashSet(map.size());
      map.forEach(
          (k, v) -> {
            if (v != null) {
              String name = String.valueOf(k);
              keys.add(schema.properties().isEmpty() ? name : escaped(name));
            }
          });
      return keys;
    }
  }

  /** The property that an identifier stands for. */
  static String unescaped(String identifier) {
    if (!identifier.startsWith("__") && identifier.indexOf("__", 1) < 0) {
      return identifier;
    }
    if (identifier.length() > 4 && identifier.endsWith("__")) {
      String word = identifier.substring(2, identifier.length() - 2);
      if (RESERVED.contains(word)) {
        return word;
      }
    }
    return identifier
        .replace("__dot__", ".")
        .replace("__dash__", "-")
        .replace("__slash__", "/")
        .replace("__underscores__", "__");
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
        case "byte" -> CelByteString.of(Base64.getDecoder().decode(text));
        default -> text;
      };
    } catch (DateTimeParseException | IllegalArgumentException e) {
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
