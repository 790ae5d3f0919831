package io.kubra.api.schema;

import io.kubra.api.json.Json;
import io.kubra.api.quantity.Quantity;
import io.kubra.api.quantity.QuantityFormatException;
import io.kubra.api.schema.Schema.Kind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Scalars whose text has a canonical form: quantities, times, bytes, ints that may be strings. */
final class SpecialScalars {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final String[] LAYOUT = {
    "2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05", "Z07:00"
  };

  private SpecialScalars() {}

  static Object canonical(Kind kind, Object value) {
    return switch (kind) {
      case INT_OR_STRING -> intOrString(value);
      case QUANTITY -> quantity(value);
      case TIME -> time(text(value), false);
      case MICRO_TIME -> time(text(value), true);
      case BYTES -> bytes(value);
      default -> value;
    };
  }

  private static String text(Object value) {
    if (value instanceof String s) {
      return s;
    }
    throw new DecodeException(
        "json: cannot unmarshal " + Json.nameOf(value) + " into Go value of type string");
  }

  private static Object intOrString(Object value) {
    if (value instanceof String || (value instanceof Long n && n == n.intValue())) {
      return value;
    }
    String got = Json.nameOf(value) + (value instanceof Number ? " " + Json.toString(value) : "");
    throw new DecodeException("json: cannot unmarshal " + got + " into Go value of type int32");
  }

  private static Object quantity(Object value) {
    String text = value instanceof String s ? s.strip() : Json.toString(value);
    if (isPlainInteger(text)) {
      return text;
    }
    try {
      return Quantity.parse(text).toString();
    } catch (QuantityFormatException e) {
      throw new DecodeException(e.message());
    }
  }

  /** The common case that is canonical as it stands: digits that do not end in three zeros. */
  private static boolean isPlainInteger(String text) {
    int length = text.length();
    if (length == 0 || length > 15 || (text.charAt(0) == '0' && length > 1)) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return length < 4 || !text.endsWith("000");
  }

  private static Object bytes(Object value) {
    if (!(value instanceof String text)) {
      throw new DecodeException(
          "json: cannot unmarshal " + Json.nameOf(value) + " into Go value of type []uint8");
    }
    String bare =
        text.indexOf('\n') < 0 && text.indexOf('\r') < 0
            ? text
            : text.replace("\n", "").replace("\r", "");
    int end = bare.length();
    int padding = bare.endsWith("==") ? 2 : bare.endsWith("=") ? 1 : 0;
    for (int i = 0; i < end - padding; i++) {
      char c = bare.charAt(i);
      boolean digit =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '+'
              || c == '/';
      if (!digit) {
        throw new DecodeException("illegal base64 data at input byte " + i);
      }
    }
    if (end % 4 != 0) {
      throw new DecodeException(
          "illegal base64 data at input byte " + (padding > 0 ? end - padding : end - end % 4));
    }
    return bare;
  }

  private static String time(String text, boolean micro) {
    if (!micro && text.length() == 20 && isCanonical(text)) {
      return text;
    }
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant();
      if (text.length() >= 19 && text.charAt(16) == ':') {
        return (micro ? MICROS : SECONDS).format(instant);
      }
    } catch (DateTimeException e) {
      // answered below in the reference's words
    }
    throw new DecodeException(problem(text, micro));
  }

  private static boolean isCanonical(String s) {
    String shape = "dddd-dd-ddTdd:dd:ddZ";
    for (int i = 0; i < 20; i++) {
      char c = s.charAt(i);
      char want = shape.charAt(i);
      if (want == 'd' ? c < '0' || c > '9' : c != want) {
        return false;
      }
    }
    int month = two(s, 5);
    int day = two(s, 8);
    return month >= 1
        && month <= 12
        && day >= 1
        && day <= 28
        && two(s, 11) < 24
        && two(s, 14) < 60
        && two(s, 17) < 60;
  }

  private static int two(String s, int at) {
    return (s.charAt(at) - '0') * 10 + s.charAt(at + 1) - '0';
  }

  private static String problem(String text, boolean micro) {
    String layout = micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
    String start = "parsing time \"" + text + "\"";
    int at = 0;
    for (String part : LAYOUT) {
      boolean digits = Character.isDigit(part.charAt(0));
      int to = at + part.length();
      boolean fits =
          part.equals("Z07:00")
              ? text.substring(at).matches("(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})")
              : to <= text.length()
                  && (digits
                      ? text.substring(at, to).chars().allMatch(c -> c >= '0' && c <= '9')
                      : text.startsWith(part, at));
      if (!fits) {
        return start
            + " as \""
            + layout
            + "\": cannot parse \""
            + text.substring(at)
            + "\" as \""
            + part
            + "\"";
      }
      at = to;
    }
    String what =
        two(text, 5) < 1 || two(text, 5) > 12
            ? "month"
            : two(text, 11) > 23
                ? "hour"
                : two(text, 14) > 59 ? "minute" : two(text, 17) > 59 ? "second" : "day";
    return start + ": " + what + " out of range";
  }
}
