package io.kubra.apiserver.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code format} of CEL's string extensions: %s %d %f %e %b %x %X %o %%. */
final class TextFormat {
  private static final int PRECISION = 6;

  private TextFormat() {}

  static String format(String text, List<?> values) throws CelEvaluationException {
    StringBuilder out = new StringBuilder();
    int next = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        out.append(c);
        continue;
      }
      i++;
      if (i < text.length() && text.charAt(i) == '%') {
        out.append('%');
        continue;
      }
      int precision = PRECISION;
      if (i < text.length() && text.charAt(i) == '.') {
        int start = ++i;
        while (i < text.length() && Character.isDigit(text.charAt(i))) {
          i++;
        }
        precision = i - start > 0 && i - start < 4 ? Integer.parseInt(text.substring(start, i)) : 0;
      }
      if (i >= text.length()) {
        throw new CelEvaluationException("unexpected end of string");
      }
      if (next >= values.size()) {
        throw new CelEvaluationException("index " + next + " out of range");
      }
      out.append(clause(text.charAt(i), values.get(next++), precision));
    }
    return out.toString();
  }

  private static String clause(char verb, Object value, int precision)
      throws CelEvaluationException {
    return switch (verb) {
      case 's' -> text(value);
      case 'd' ->
          value instanceof Double d && (d.isNaN() || d.isInfinite())
              ? text(value)
              : whole(value, verb).toString();
      case 'f' -> fixed(value, precision);
      case 'e' -> String.format(Locale.ROOT, "%." + precision + "e", number(value, verb));
      case 'b' -> value instanceof Boolean b ? (b ? "1" : "0") : base(value, 2, verb);
      case 'o' -> base(value, 8, verb);
      case 'x' -> hex(value, verb);
      case 'X' -> hex(value, verb).toUpperCase(Locale.ROOT);
      default ->
          throw new CelEvaluationException(
              "could not parse formatting clause: unrecognized formatting clause \"" + verb + "\"");
    };
  }

  private static String text(Object value) throws CelEvaluationException {
    return switch (value) {
      case String s -> s;
      case NullValue n -> "null";
      case Boolean b -> b.toString();
      case Double d -> decimal(d);
      case Number n -> n.toString();
      case Instant t -> t.toString();
      case Duration d -> seconds(d);
      case CelByteString b -> new String(b.toByteArray(), StandardCharsets.UTF_8);
      case List<?> list -> {
        StringBuilder all = new StringBuilder("[");
        for (Object item : list) {
          all.append(all.length() > 1 ? ", " : "").append(text(item));
        }
        yield all.append("]").toString();
      }
      case Map<?, ?> map -> {
        TreeMap<String, String> sorted = new TreeMap<>();
        for (Map.Entry<?, ?> e : map.entrySet()) {
          sorted.put(text(e.getKey()), text(e.getValue()));
        }
        StringBuilder all = new StringBuilder("{");
        sorted.forEach(
            (k, v) -> all.append(all.length() > 1 ? ", " : "").append(k).append(": ").append(v));
        yield all.append("}").toString();
      }
      default -> value.toString();
    };
  }

  private static String decimal(double d) {
    if (Double.isNaN(d) || Double.isInfinite(d)) {
      return Double.isNaN(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity";
    }
    return BigDecimal.valueOf(d).stripTrailingZeros().toPlainString();
  }

  static String seconds(Duration d) {
    return new BigDecimal(d.getSeconds())
            .add(BigDecimal.valueOf(d.getNano(), 9))
            .stripTrailingZeros()
            .toPlainString()
        + "s";
  }

  private static String fixed(Object value, int precision) throws CelEvaluationException {
    double d = number(value, 'f');
    return Double.isNaN(d) || Double.isInfinite(d)
        ? decimal(d)
        : new BigDecimal(d).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static double number(Object value, char verb) throws CelEvaluationException {
    if (value instanceof Number n) {
      return n.doubleValue();
    }
    throw mismatch(verb, value);
  }

  private static Number whole(Object value, char verb) throws CelEvaluationException {
    return switch (value) {
      case Long n -> n;
      case UnsignedLong n -> n;
      default -> throw mismatch(verb, value);
    };
  }

  private static String base(Object value, int base, char verb) throws CelEvaluationException {
    return whole(value, verb) instanceof UnsignedLong n
        ? n.toString(base)
        : Long.toString((Long) value, base);
  }

  private static String hex(Object value, char verb) throws CelEvaluationException {
    return switch (value) {
      case String s -> HexFormat.of().formatHex(s.getBytes(StandardCharsets.UTF_8));
      case CelByteString b -> HexFormat.of().formatHex(b.toByteArray());
      default -> base(value, 16, verb);
    };
  }

  private static CelEvaluationException mismatch(char verb, Object value) {
    return new CelEvaluationException(
        "error during formatting: \"%"
            + verb
            + "\" clause cannot be used with values of type "
            + value.getClass().getSimpleName());
  }
}
