package io.kubra.api.protobuf;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The layout of one protobuf message: which JSON field has which number and type. */
final class Message {
  /** How a value is written. */
  enum Type {
    STRING,
    INT32,
    INT64,
    BOOL,
    DOUBLE,
    BYTES,
    MESSAGE,
    INT_OR_STRING,
    QUANTITY,
    TIME,
    MICRO_TIME,
    JSON,
    OR_ARRAY,
    OR_BOOL,
    OR_STRINGS,
    WRAPPED_LIST
  }

  /** Whether a field holds one value, many, or many under keys. */
  enum Arity {
    ONE,
    LIST,
    MAP
  }

  /**
   * A field.
   *
   * @param message the layout of the value, of {@link Type#MESSAGE} and the like
   * @param inline the value's fields stand in the enclosing JSON object
   * @param dropZero zero means absent: Go holds the field by value and omits it from JSON when
   *     empty
   */
  record Field(
      int number,
      String name,
      Type type,
      Arity arity,
      @Nullable Message message,
      boolean inline,
      boolean dropZero) {}

  private final String name;
  private final Map<String, Field> byName = new LinkedHashMap<>();
  private final Map<Integer, Field> byNumber = new HashMap<>();
  private Field @Nullable [] inlined;
  private Field @Nullable [] descending;

  Message(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void add(Field field) {
    byNumber.put(field.number(), field);
    byName.put(field.name(), field);
  }

  /** All fields, the highest number first. */
  Field[] descending() {
    Field[] known = descending;
    if (known == null) {
      known =
          byName.values().stream()
              .sorted(Comparator.comparingInt(Field::number).reversed())
              .toArray(Field[]::new);
      descending = known;
    }
    return known;
  }

  @Nullable Field field(String jsonName) {
    Field field = byName.get(jsonName);
    return field == null || field.inline() ? null : field;
  }

  @Nullable Field field(int number) {
    return byNumber.get(number);
  }

  /** The fields whose contents stand in the enclosing object. */
  Field[] inlined() {
    Field[] known = inlined;
    if (known == null) {
      known = byName.values().stream().filter(Field::inline).toArray(Field[]::new);
      inlined = known;
    }
    return known;
  }
}
