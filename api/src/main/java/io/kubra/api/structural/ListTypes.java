package io.kubra.api.structural;

import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which items of lists are the same: none may be there twice in a set, no key in a map. */
public final class ListTypes {
  private ListTypes() {}

  static void check(
      StructuralSchema schema, @Nullable Object value, String path, List<FieldError> errors) {
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> e : map.entrySet()) {
        String name = String.valueOf(e.getKey());
        StructuralSchema below = schema.below(name);
        if (below != null) {
          boolean property = schema.properties().containsKey(name);
          String at =
              property ? (path.isEmpty() ? name : path + "." + name) : path + "[" + name + "]";
          check(below, e.getValue(), at, errors);
        }
      }
    } else if (value instanceof List<?> list) {
      duplicates(schema, list, path, errors);
      StructuralSchema items = schema.items();
      if (items != null) {
        for (int i = 0; i < list.size(); i++) {
          check(items, list.get(i), path + "[" + i + "]", errors);
        }
      }
    }
  }

  /** The item of the old list with the same keys; items of other lists cannot be told apart. */
  public static @Nullable Object counterpart(
      StructuralSchema schema, @Nullable Object item, @Nullable Object old) {
    if (!schema.listType().equals("map") || !(old instanceof List<?> list)) {
      return null;
    }
    for (Object candidate : list) {
      boolean same =
          schema.listMapKeys().stream()
              .allMatch(k -> Trees.equal(Trees.get(item, k), Trees.get(candidate, k)));
      if (same) {
        return candidate;
      }
    }
    return null;
  }

  private static void duplicates(
      StructuralSchema schema, List<?> list, String path, List<FieldError> errors) {
    boolean map = schema.listType().equals("map");
    if (!map && !schema.listType().equals("set")) {
      return;
    }
    List<Object> keys = list.stream().map(item -> map ? key(schema, item) : key(item)).toList();
    for (int i = 1; i < keys.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (Trees.equal(keys.get(i), keys.get(j))) {
          errors.add(FieldError.duplicate(path + "[" + i + "]", keys.get(i)));
          break;
        }
      }
    }
  }

  private static Object key(StructuralSchema schema, @Nullable Object item) {
    Map<String, Object> key = new LinkedHashMap<>();
    for (String name : schema.listMapKeys()) {
      Object value = Trees.get(item, name);
      if (value != null) {
        key.put(name, value);
      }
    }
    return key;
  }

  private static Object key(@Nullable Object item) {
    return item == null ? "null" : item;
  }

  /** The index of the first item that occurred before, or -1. */
  static int firstDuplicate(List<?> list) {
    for (int i = 1; i < list.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (Trees.equal(list.get(i), list.get(j))) {
          return i;
        }
      }
    }
    return -1;
  }
}
