package io.kubra.api.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reading and changing object trees by path; whatever is absent or of another type is "not there".
 */
public final class Trees {
  private Trees() {}

  /** What lies at the path, or null. */
  public static @Nullable Object get(@Nullable Object tree, String... path) {
    Object at = tree;
    for (String step : path) {
      if (!(at instanceof Map<?, ?> map)) {
        return null;
      }
      at = map.get(step);
    }
    return at;
  }

  /** The string at the path, or null. */
  public static @Nullable String string(@Nullable Object tree, String... path) {
    return get(tree, path) instanceof String s ? s : null;
  }

  /** The string at the path, or the default. */
  public static String stringOr(@Nullable Object tree, String def, String... path) {
    return get(tree, path) instanceof String s ? s : def;
  }

  /** The object at the path, or null. */
  @SuppressWarnings("unchecked")
  public static @Nullable Map<String, Object> map(@Nullable Object tree, String... path) {
    return get(tree, path) instanceof Map<?, ?> map ? (Map<String, Object>) map : null;
  }

  /** The list at the path itself (changes show in the tree), or an immutable empty one. */
  @SuppressWarnings("unchecked")
  public static List<Object> list(@Nullable Object tree, String... path) {
    return get(tree, path) instanceof List<?> list ? (List<Object>) list : List.of();
  }

  /** The objects among the items of the list at the path. */
  @SuppressWarnings("unchecked")
  public static List<Map<String, Object>> maps(@Nullable Object tree, String... path) {
    List<Map<String, Object>> maps = new ArrayList<>();
    for (Object item : list(tree, path)) {
      if (item instanceof Map<?, ?> map) {
        maps.add((Map<String, Object>) map);
      }
    }
    return maps;
  }

  /** The strings among the items of the list at the path. */
  public static List<String> strings(@Nullable Object tree, String... path) {
    List<String> strings = new ArrayList<>();
    for (Object item : list(tree, path)) {
      if (item instanceof String s) {
        strings.add(s);
      }
    }
    return strings;
  }

  /** The integer at the path, or null. */
  public static @Nullable Long integer(@Nullable Object tree, String... path) {
    return switch (get(tree, path)) {
      case Long n -> n;
      case Integer n -> n.longValue();
      case Double d when d == Math.rint(d) -> d.longValue();
      case null, default -> null;
    };
  }

  /** The integer at the path, or the default. */
  public static long integerOr(@Nullable Object tree, long def, String... path) {
    Long value = integer(tree, path);
    return value == null ? def : value;
  }

  /** Whether there is a true at the path. */
  public static boolean bool(@Nullable Object tree, String... path) {
    return get(tree, path) instanceof Boolean b && b;
  }

  /** The object at the path; it and its parents are made if they are not there. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> ensureMap(Map<String, Object> tree, String... path) {
    Map<String, Object> at = tree;
    for (String step : path) {
      if (at.get(step) instanceof Map<?, ?> map) {
        at = (Map<String, Object>) map;
      } else {
        Map<String, Object> made = new LinkedHashMap<>();
        at.put(step, made);
        at = made;
      }
    }
    return at;
  }

  /** The list at the path, made with its parents if it is not there. */
  @SuppressWarnings("unchecked")
  public static List<Object> ensureList(Map<String, Object> tree, String... path) {
    if (get(tree, path) instanceof List<?> list) {
      return (List<Object>) list;
    }
    List<Object> made = new ArrayList<>();
    set(tree, made, path);
    return made;
  }

  /** Puts a value at the path; parents are made as needed. */
  @SuppressWarnings("NullAway") // a tree may hold JSON nulls
  public static void set(Map<String, Object> tree, @Nullable Object value, String... path) {
    parent(tree, path).put(path[path.length - 1], value);
  }

  /** Puts a value at the path if there is none or a null. */
  public static void setDefault(Map<String, Object> tree, Object value, String... path) {
    if (get(tree, path) == null) {
      set(tree, value, path);
    }
  }

  private static Map<String, Object> parent(Map<String, Object> tree, String... path) {
    return ensureMap(tree, java.util.Arrays.copyOf(path, path.length - 1));
  }

  /** Removes what is at the path. */
  public static void remove(Map<String, Object> tree, String... path) {
    Map<String, Object> parent = map(tree, java.util.Arrays.copyOf(path, path.length - 1));
    if (parent != null) {
      parent.remove(path[path.length - 1]);
    }
  }

  /** A copy that shares no map and no list with the original. */
  @SuppressWarnings({"unchecked", "NullAway"}) // only null has a null copy
  public static <T> T deepCopy(T tree) {
    return (T) copyOrNull(tree);
  }

  /** A copy of a value that may be null. */
  public static @Nullable Object copyOrNull(@Nullable Object tree) {
    return copy(tree);
  }

  @SuppressWarnings("NullAway") // a tree may hold JSON nulls
  private static @Nullable Object copy(@Nullable Object tree) {
    if (tree instanceof Map<?, ?> map) {
      Map<String, Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
      for (Map.Entry<?, ?> e : map.entrySet()) {
        copy.put((String) e.getKey(), copy(e.getValue()));
      }
      return copy;
    }
    if (tree instanceof List<?> list) {
      List<Object> copy = new ArrayList<>(list.size());
      for (Object item : list) {
        copy.add(copy(item));
      }
      return copy;
    }
    return tree;
  }

  /** Whether two trees mean the same: order of keys is free, 1 equals 1.0, absent is not null. */
  public static boolean equal(@Nullable Object a, @Nullable Object b) {
    if (a == b) {
      return true;
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      if (x.size() != y.size()) {
        return false;
      }
      for (Map.Entry<?, ?> e : x.entrySet()) {
        Object other = y.get(e.getKey());
        if (!equal(e.getValue(), other) || (other == null && !y.containsKey(e.getKey()))) {
          return false;
        }
      }
      return true;
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      if (x.size() != y.size()) {
        return false;
      }
      for (int i = 0; i < x.size(); i++) {
        if (!equal(x.get(i), y.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (a instanceof Number x && b instanceof Number y) {
      return integral(x) && integral(y)
          ? x.longValue() == y.longValue()
          : Double.compare(x.doubleValue(), y.doubleValue()) == 0;
    }
    return a != null && a.equals(b);
  }

  private static boolean integral(Number n) {
    return n instanceof Long || n instanceof Integer;
  }
}
