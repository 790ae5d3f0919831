package io.kubra.apiserver.rules.apps;

import io.kubra.api.status.FieldPath;
import io.kubra.apiserver.rules.check.Checks;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of numbers that may be percentages. */
public final class RollingUpdates {
  private static final Pattern PERCENT = Pattern.compile("[0-9]+%");

  private RollingUpdates() {}

  /** Checks surge and unavailability of a rolling update. */
  static void check(Checks checks, FieldPath path, Map<String, Object> rolling) {
    Object unavailable = rolling.get("maxUnavailable");
    Object surge = rolling.get("maxSurge");
    numberOrPercent(checks, path.child("maxUnavailable"), unavailable);
    numberOrPercent(checks, path.child("maxSurge"), surge);
    if (isZero(unavailable) && isZero(surge)) {
      checks.invalid(
          path.child("maxUnavailable"), unavailable, "may not be 0 when `maxSurge` is 0");
    }
    if (percent(unavailable) > 100) {
      checks.invalid(path.child("maxUnavailable"), unavailable, "must not be greater than 100%");
    }
  }

  /** Refuses what is neither a number from zero on nor a percentage. */
  public static void numberOrPercent(Checks checks, FieldPath path, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case String text -> {
        if (!PERCENT.matcher(text).matches()) {
          checks.invalid(
              path,
              text,
              "a valid percent string must be a numeric string followed by an ending '%' (e.g."
                  + " '1%',  or '93%', regex used for validation is '[0-9]+%')");
        }
      }
      case Long number -> checks.notNegative(path, number);
      default -> checks.invalid(path, value, "must be an integer or percentage (e.g '5%%')");
    }
  }

  /** Whether it is zero or 0%. */
  static boolean isZero(@Nullable Object value) {
    return value == null || value.equals(0L) || percent(value) == 0;
  }

  /** The percentage, or -1 if it is none. */
  static long percent(@Nullable Object value) {
    return value instanceof String text && text.length() < 10 && PERCENT.matcher(text).matches()
        ? Long.parseLong(text.substring(0, text.length() - 1))
        : -1;
  }
}
