package io.kubra.apiserver.rules.check;

import java.util.LinkedHashMap;
import java.util.Map;

/** Fills fields that were left out. */
public final class Defaults {
  private Defaults() {}

  /** Sets a text that is absent or empty. */
  public static void text(Map<String, Object> object, String field, String value) {
    Object now = object.get(field);
    if (now == null || now.equals("")) {
      object.put(field, value);
    }
  }

  /** Sets a number that is absent; zero is a value. */
  public static void number(Map<String, Object> object, String field, long value) {
    if (object.get(field) == null) {
      object.put(field, value);
    }
  }

  /** Sets a number that is absent or zero. */
  public static void positive(Map<String, Object> object, String field, long value) {
    Object now = object.get(field);
    if (now == null || now.equals(0L)) {
      object.put(field, value);
    }
  }

  /** Sets a flag that is absent. */
  public static void flag(Map<String, Object> object, String field, boolean value) {
    if (object.get(field) == null) {
      object.put(field, value);
    }
  }

  /** Sets anything that is absent. */
  public static void value(Map<String, Object> object, String field, Object value) {
    if (object.get(field) == null) {
      object.put(field, value);
    }
  }

  /** The object in a field, made if it is absent. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> object(Map<String, Object> object, String field) {
    if (object.get(field) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    Map<String, Object> made = new LinkedHashMap<>();
    object.put(field, made);
    return made;
  }
}
