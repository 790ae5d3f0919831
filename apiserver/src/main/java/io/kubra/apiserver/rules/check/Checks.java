package io.kubra.apiserver.rules.check;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Addresses;
import io.kubra.api.validation.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one object. */
public final class Checks {
  private final List<FieldError> errors = new ArrayList<>();

  /** What was found so far. */
  public List<FieldError> errors() {
    return errors;
  }

  /** Whether nothing was found so far. */
  public boolean clean() {
    return errors.isEmpty();
  }

  public void add(FieldError error) {
    errors.add(error);
  }

  /** Adds what another check found. */
  public void addAll(List<FieldError> more) {
    errors.addAll(more);
  }

  public void required(FieldPath path, String detail) {
    errors.add(FieldError.required(path, detail));
  }

  public void invalid(FieldPath path, @Nullable Object value, String detail) {
    errors.add(FieldError.invalid(path, value, detail));
  }

  public void forbidden(FieldPath path, String detail) {
    errors.add(FieldError.forbidden(path, detail));
  }

  public void duplicate(FieldPath path, @Nullable Object value) {
    errors.add(FieldError.duplicate(path, value));
  }

  public void notFound(FieldPath path, @Nullable Object value) {
    errors.add(FieldError.notFound(path, value));
  }

  public void notSupported(FieldPath path, @Nullable Object value, String... supported) {
    String[] sorted = supported.clone();
    Arrays.sort(sorted);
    errors.add(FieldError.notSupported(path, value, List.of(sorted)));
  }

  /** Whether a text is there; reports it otherwise. */
  public boolean present(FieldPath path, @Nullable String value) {
    return present(path, value, "");
  }

  /** As {@link #present(FieldPath, String)} with a detail. */
  public boolean present(FieldPath path, @Nullable String value, String detail) {
    if (value == null || value.isEmpty()) {
      required(path, detail);
      return false;
    }
    return true;
  }

  /** Reports every problem that a check of {@link io.kubra.api.validation.Names} has. */
  public void name(FieldPath path, @Nullable String value, Function<String, List<String>> check) {
    String text = value == null ? "" : value;
    for (String problem : check.apply(text)) {
      invalid(path, text, problem);
    }
  }

  /** Requires a name and checks it. */
  public void requiredName(
      FieldPath path, @Nullable String value, Function<String, List<String>> check) {
    if (present(path, value)) {
      name(path, value, check);
    }
  }

  /** Checks a name if there is one. */
  public void optionalName(
      FieldPath path, @Nullable String value, Function<String, List<String>> check) {
    if (value != null && !value.isEmpty()) {
      name(path, value, check);
    }
  }

  /** Requires one of a closed set. */
  public void oneOf(FieldPath path, @Nullable String value, String... supported) {
    if (value == null || value.isEmpty()) {
      required(path, "");
    } else if (!List.of(supported).contains(value)) {
      notSupported(path, value, supported);
    }
  }

  /** Allows absence, or one of a closed set. */
  public void oneOfOrAbsent(FieldPath path, @Nullable String value, String... supported) {
    if (value != null && !value.isEmpty()) {
      oneOf(path, value, supported);
    }
  }

  /** Refuses negative numbers; absent is fine. */
  public void notNegative(FieldPath path, @Nullable Long value) {
    if (value != null && value < 0) {
      invalid(path, value, "must be greater than or equal to 0");
    }
  }

  /** Refuses numbers outside of a range; absent is fine. */
  public void range(FieldPath path, @Nullable Long value, long least, long most) {
    if (value != null && (value < least || value > most)) {
      invalid(path, value, "must be between " + least + " and " + most + ", inclusive");
    }
  }

  /** Refuses numbers that are no port; absent is fine. */
  public void port(FieldPath path, @Nullable Long value) {
    range(path, value, 1, 65535);
  }

  /** Requires a port number or name. */
  public void portNumberOrName(FieldPath path, @Nullable Object value) {
    if (value instanceof String name) {
      name(path, name, Names::portName);
    } else {
      port(path, value instanceof Long n ? n : 0L);
    }
  }

  /** Refuses what is no IP address. */
  public void ip(FieldPath path, @Nullable String value) {
    name(path, value, Addresses::ip);
  }

  /** Refuses what is no range of IP addresses. */
  public void cidr(FieldPath path, @Nullable String value) {
    name(path, value, Addresses::cidr);
  }

  /** Refuses a change. */
  public void immutable(FieldPath path, @Nullable Object value, @Nullable Object old) {
    if (!same(value, old)) {
      invalid(path, value, "field is immutable");
    }
  }

  /** Whether two values mean the same; absent, empty text, list and object do. */
  public static boolean same(@Nullable Object a, @Nullable Object b) {
    if (isEmpty(a) && isEmpty(b)) {
      return true;
    }
    return a != null && b != null && Trees.equal(a, b);
  }

  private static boolean isEmpty(@Nullable Object value) {
    return value == null
        || value.equals("")
        || (value instanceof List<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }
}
