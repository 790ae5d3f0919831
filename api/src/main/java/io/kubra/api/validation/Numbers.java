package io.kubra.api.validation;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of numbers: ports, percentages, ids. */
public final class Numbers {
  private static final Pattern PERCENT = Pattern.compile("[0-9]+%");

  private Numbers() {}

  /** A port number. */
  public static List<String> port(long port) {
    return range(port, 1, 65535);
  }

  /** A user or group id. */
  public static List<String> id(long id) {
    return range(id, 0, Integer.MAX_VALUE);
  }

  /** A number between two bounds, both included. */
  public static List<String> range(long value, long min, long max) {
    return value >= min && value <= max
        ? List.of()
        : List.of("must be between " + min + " and " + max + ", inclusive");
  }

  /** A number that is not negative. */
  public static List<String> nonNegative(long value) {
    return value >= 0 ? List.of() : List.of("must be greater than or equal to 0");
  }

  /** A number above zero. */
  public static List<String> positive(long value) {
    return value > 0 ? List.of() : List.of("must be greater than zero");
  }

  /** A percentage such as {@code 25%}. */
  public static List<String> percent(String text) {
    return PERCENT.matcher(text).matches()
        ? List.of()
        : List.of(
            Names.regex(
                "a valid percent string must be a numeric string followed by an ending '%'",
                "[0-9]+%", "1%", "93%"));
  }

  /** A port given by number or by name. */
  public static List<String> portNumberOrName(@Nullable Object port) {
    return switch (port) {
      case Long number -> port(number);
      case String name -> Names.portName(name);
      case null, default -> List.of("must be a number or a name");
    };
  }

  /** An int or percentage scaled: {@code 25%} of the total, rounded up or down. */
  public static long scaled(@Nullable Object intOrPercent, long total, boolean roundUp) {
    return switch (intOrPercent) {
      case Long number -> number;
      case String text when PERCENT.matcher(text).matches() -> {
        long product = Long.parseLong(text.substring(0, text.length() - 1)) * total;
        yield roundUp ? Math.ceilDiv(product, 100) : Math.floorDiv(product, 100);
      }
      case null, default -> 0;
    };
  }
}
