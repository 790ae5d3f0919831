package io.kubra.api.apply;

import io.kubra.api.schema.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a value is owned: as one piece, or in parts that different managers may own. Decided by the
 * schema; where there is none (raw extensions, fields of unknown types) by the value itself: maps
 * in parts, lists as one piece.
 */
enum Shape {
  /** A scalar, or a list or map that is only ever replaced as a whole. */
  WHOLE,
  /** An object with named fields. */
  STRUCT,
  /** A map from arbitrary keys. */
  MAP,
  /** A list of distinct scalars. */
  SET,
  /** A list of objects identified by key fields. */
  KEYED;

  boolean map() {
    return this == STRUCT || this == MAP;
  }

  boolean list() {
    return this == SET || this == KEYED;
  }

  /**
   * The shape of a value that reads as {@code value}; a mismatch with the schema makes it whole.
   */
  static Shape of(@Nullable Schema schema, @Nullable Object value) {
    if (value instanceof Map<?, ?>) {
      return ofMap(schema);
    }
    return value instanceof List<?> ? ofList(schema) : WHOLE;
  }

  /** The shape both sides of a comparison share; either may be absent. */
  static Shape of(@Nullable Schema schema, @Nullable Object left, @Nullable Object right) {
    if (left == null) {
      return of(schema, right);
    }
    Shape shape = of(schema, left);
    return right == null || of(schema, right) == shape ? shape : WHOLE;
  }

  private static Shape ofMap(@Nullable Schema schema) {
    if (schema == null) {
      return MAP;
    }
    return switch (schema.kind()) {
      case OBJECT -> schema.atomicMap() ? WHOLE : STRUCT;
      case MAP -> schema.atomicMap() ? WHOLE : MAP;
      case RAW -> MAP;
      default -> WHOLE;
    };
  }

  private static Shape ofList(@Nullable Schema schema) {
    if (schema == null || schema.kind() != Schema.Kind.LIST) {
      return WHOLE;
    }
    return switch (schema.listType()) {
      case SET -> SET;
      case MAP -> KEYED;
      case ATOMIC -> WHOLE;
    };
  }

  /** The schema of a field or map value; null where nothing is known of it. */
  static @Nullable Schema below(@Nullable Schema schema, String name) {
    if (schema == null) {
      return null;
    }
    return switch (schema.kind()) {
      case OBJECT -> {
        Schema.Field field = schema.field(name);
        yield field == null ? null : field.schema();
      }
      case MAP -> schema.values();
      default -> null;
    };
  }

  /** Whether the schema gives the field a name, which spares it a mark of its own in field sets. */
  static boolean named(@Nullable Schema schema, String name) {
    return schema != null && schema.kind() == Schema.Kind.OBJECT && schema.field(name) != null;
  }

  static @Nullable Schema items(@Nullable Schema schema) {
    return schema == null ? null : schema.items();
  }

  /**
   * The path element of a list item.
   *
   * @return null when the item has none of its key fields
   */
  static @Nullable String element(Shape shape, @Nullable Schema list, @Nullable Object item) {
    if (shape == SET) {
      return PathElement.value(item);
    }
    if (list == null || !(item instanceof Map<?, ?> map)) {
      return null;
    }
    List<String> names = list.listMapKeys();
    if (names.size() == 1 && map.get(names.getFirst()) instanceof String text && plain(text)) {
      return "k:{\"" + names.getFirst() + "\":\"" + text + "\"}";
    }
    Map<String, Object> keys = names.size() == 1 ? new LinkedHashMap<>(2) : new TreeMap<>();
    for (String name : names) {
      Object value = map.get(name);
      if (value == null) {
        value = keyDefault(list, name);
      }
      if (value != null) {
        keys.put(name, PathElement.plain(value) instanceof Object plain ? plain : value);
      }
    }
    return keys.isEmpty() ? null : PathElement.key(new TreeMap<>(keys));
  }

  /** Ports are identified by number and protocol, and the protocol may be left to its default. */
  static @Nullable Object keyDefault(Schema list, String key) {
    return key.equals("protocol") && list.listMapKeys().size() > 1 ? "TCP" : null;
  }

  private static boolean plain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || c > '~' || c == '<' || c == '>' || c == '&') {
        return false;
      }
    }
    return true;
  }
}
