package io.kubra.api.status;

import io.kubra.api.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one field. The text of {@link #message()} and {@link #body()} is the
 * reference's.
 */
public record FieldError(Type type, String field, @Nullable Object badValue, String detail) {
  /** The kinds of field errors with their text and the reason of the Status cause. */
  public enum Type {
    NOT_FOUND("Not found", "FieldValueNotFound"),
    REQUIRED("Required value", "FieldValueRequired"),
    DUPLICATE("Duplicate value", "FieldValueDuplicate"),
    INVALID("Invalid value", "FieldValueInvalid"),
    NOT_SUPPORTED("Unsupported value", "FieldValueNotSupported"),
    FORBIDDEN("Forbidden", "FieldValueForbidden"),
    TOO_LONG("Too long", "FieldValueTooLong"),
    TOO_MANY("Too many", "FieldValueTooMany"),
    INTERNAL("Internal error", "InternalError"),
    TYPE_INVALID("Invalid value", "FieldValueTypeInvalid");

    private final String text;
    private final String reason;

    Type(String text, String reason) {
      this.text = text;
      this.reason = reason;
    }

    /** The reason of the Status cause. */
    public String reason() {
      return reason;
    }
  }

  /** A field that must be there is not. */
  public static FieldError required(Object path, String detail) {
    return new FieldError(Type.REQUIRED, path.toString(), "", detail);
  }

  /** A value that is not acceptable. */
  public static FieldError invalid(Object path, @Nullable Object value, String detail) {
    return new FieldError(Type.INVALID, path.toString(), value, detail);
  }

  /** A value of the wrong type. */
  public static FieldError typeInvalid(Object path, @Nullable Object value, String detail) {
    return new FieldError(Type.TYPE_INVALID, path.toString(), value, detail);
  }

  /** A value outside a closed set; the set is named in the order given. */
  public static FieldError notSupported(
      Object path, @Nullable Object value, List<String> supported) {
    String detail =
        supported.isEmpty()
            ? ""
            : supported.stream()
                .map(FieldError::quote)
                .collect(Collectors.joining(", ", "supported values: ", ""));
    return new FieldError(Type.NOT_SUPPORTED, path.toString(), value, detail);
  }

  /** A value that occurs twice where it may occur once. */
  public static FieldError duplicate(Object path, @Nullable Object value) {
    return new FieldError(Type.DUPLICATE, path.toString(), value, "");
  }

  /** A reference to something that is not there. */
  public static FieldError notFound(Object path, @Nullable Object value) {
    return new FieldError(Type.NOT_FOUND, path.toString(), value, "");
  }

  /** A field that may not be set, or a change that may not be made. */
  public static FieldError forbidden(Object path, String detail) {
    return new FieldError(Type.FORBIDDEN, path.toString(), "", detail);
  }

  /** A value longer than so many bytes. */
  public static FieldError tooLong(Object path, @Nullable Object value, int max) {
    return new FieldError(
        Type.TOO_LONG,
        path.toString(),
        value,
        max >= 0 ? "may not be more than " + max + " bytes" : "value is too long");
  }

  /** A list with more than so many items. */
  public static FieldError tooMany(Object path, int actual, int max) {
    return new FieldError(
        Type.TOO_MANY, path.toString(), (long) actual, "must have at most " + max + " items");
  }

  /** The check itself failed. */
  public static FieldError internal(Object path, String detail) {
    return new FieldError(Type.INTERNAL, path.toString(), null, detail);
  }

  /** The whole text: field, what is wrong, value and detail. */
  public String message() {
    return field + ": " + body();
  }

  /** The text without the field, as in the cause of a Status. */
  public String body() {
    String text =
        switch (type) {
          case REQUIRED, FORBIDDEN, TOO_LONG, INTERNAL -> type.text;
          case NOT_FOUND, DUPLICATE, INVALID, NOT_SUPPORTED, TOO_MANY, TYPE_INVALID ->
              type.text + ": " + show(badValue);
        };
    return detail.isEmpty() ? text : text + ": " + detail;
  }

  private static String show(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String s -> quote(s);
      case Map<?, ?> m -> Json.toString(m);
      case List<?> l -> Json.toString(l);
      case Double d -> Json.toString(d);
      default -> value.toString();
    };
  }

  /** A string as Go's {@code %q} shows it. */
  public static String quote(String s) {
    StringBuilder text = new StringBuilder(s.length() + 2).append('"');
    s.codePoints().forEach(c -> quote(text, c));
    return text.append('"').toString();
  }

  private static void quote(StringBuilder text, int c) {
    switch (c) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      case '\b' -> text.append("\\b");
      case '\f' -> text.append("\\f");
      case 0x07 -> text.append("\\a");
      case 0x0b -> text.append("\\v");
      default -> {
        if (c < ' ' || c == 0x7f) {
          text.append(String.format("\\x%02x", c));
        } else if (c >= 0x80 && (Character.isISOControl(c) || !Character.isDefined(c))) {
          text.append(String.format(c > 0xffff ? "\\U%08x" : "\\u%04x", c));
        } else {
          text.appendCodePoint(c);
        }
      }
    }
  }

  /** As a cause in the details of a Status. */
  public Map<String, Object> toCause() {
    Map<String, Object> cause = new LinkedHashMap<>();
    cause.put("reason", type.reason);
    cause.put("message", body());
    cause.put("field", field);
    return cause;
  }
}
