package io.kubra.api.structural;

import io.kubra.api.json.Json;
import io.kubra.api.status.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks strings and numbers against their constraints. */
final class Scalars {
  private Scalars() {}

  static void text(Constraints c, String value, String path, List<FieldError> errors) {
    int length = value.codePointCount(0, value.length());
    if (c.maxLength() instanceof Long max && length > max) {
      errors.add(FieldError.tooLong(ValueValidation.at(path), value, max.intValue()));
    }
    if (c.minLength() instanceof Long min && length < min) {
      invalid(path, value, "should be at least " + min + " chars long", errors);
    }
    if (c.regex() != null && !c.regex().matcher(value).find()) {
      invalid(path, value, "should match '" + c.pattern() + "'", errors);
    }
    if (!Formats.matches(c.format(), value)) {
      errors.add(
          FieldError.typeInvalid(
              ValueValidation.at(path),
              value,
              path + " in body must be of type " + c.format() + ": " + FieldError.quote(value)));
    }
  }

  static void number(Constraints c, Number value, String path, List<FieldError> errors) {
    double d = value.doubleValue();
    if (c.maximum() instanceof Double max && (c.exclusiveMaximum() ? d >= max : d > max)) {
      String than = c.exclusiveMaximum() ? "less than " : "less than or equal to ";
      invalid(path, value, "should be " + than + text(max), errors);
    }
    if (c.minimum() instanceof Double min && (c.exclusiveMinimum() ? d <= min : d < min)) {
      String than = c.exclusiveMinimum() ? "greater than " : "greater than or equal to ";
      invalid(path, value, "should be " + than + text(min), errors);
    }
    if (c.multipleOf() instanceof Double factor) {
      double quotient = d / factor;
      if (quotient != Math.rint(quotient)) {
        invalid(path, value, "should be a multiple of " + text(factor), errors);
      }
    }
    String range = outOfRange(c.format(), value);
    if (range != null) {
      invalid(path, value, "must be of type " + range, errors);
    }
  }

  private static @Nullable String outOfRange(String format, Number value) {
    boolean small = format.equals("int32");
    return small && value.doubleValue() != value.intValue() ? "integer with format int32" : null;
  }

  private static String text(Double limit) {
    return limit == Math.rint(limit) && Math.abs(limit) < 1e15
        ? Long.toString(limit.longValue())
        : Json.toString(limit);
  }

  private static void invalid(String path, Object value, String text, List<FieldError> errors) {
    errors.add(FieldError.invalid(ValueValidation.at(path), value, path + " in body " + text));
  }
}
