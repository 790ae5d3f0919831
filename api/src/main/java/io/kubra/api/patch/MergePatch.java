package io.kubra.api.patch;

import io.kubra.api.tree.Trees;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON merge patch (RFC 7396). */
public final class MergePatch {
  private MergePatch() {}

  /** The document with the patch applied; neither argument is changed. */
  public static @Nullable Object apply(@Nullable Object document, @Nullable Object patch) {
    if (!(patch instanceof Map<?, ?> changes)) {
      return copy(patch);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    if (document instanceof Map<?, ?> map) {
      map.forEach((key, value) -> put(result, key, changes.containsKey(key) ? value : copy(value)));
    }
    changes.forEach(
        (key, value) -> {
          if (value == null) {
            result.remove((String) key);
          } else {
            put(result, key, apply(result.get((String) key), value));
          }
        });
    return result;
  }

  /** Applies a patch to an object. */
  public static Map<String, Object> apply(Map<String, Object> document, Map<String, Object> patch) {
    Map<String, Object> result = Trees.map(apply((Object) document, (Object) patch));
    return result == null ? new LinkedHashMap<>() : result;
  }

  /** The patch that makes {@code to} of {@code from}; empty if they are equal. */
  public static Map<String, Object> diff(Map<String, Object> from, Map<String, Object> to) {
    Map<String, Object> patch = new LinkedHashMap<>();
    for (String key : from.keySet()) {
      if (!to.containsKey(key)) {
        put(patch, key, null);
      }
    }
    to.forEach(
        (key, value) -> {
          Object old = from.get(key);
          Map<String, Object> before = Trees.map(old);
          Map<String, Object> after = Trees.map(value);
          if (before != null && after != null) {
            Map<String, Object> below = diff(before, after);
            if (!below.isEmpty()) {
              patch.put(key, below);
            }
          } else if (!from.containsKey(key) || !Trees.equal(old, value)) {
            put(patch, key, copy(value));
          }
        });
    return patch;
  }

  private static @Nullable Object copy(@Nullable Object value) {
    return Trees.copyOrNull(value);
  }

  @SuppressWarnings("NullAway") // a tree may hold JSON nulls
  private static void put(Map<String, Object> map, Object key, @Nullable Object value) {
    map.put((String) key, value);
  }
}
