package io.kubra.api.patch;

import io.kubra.api.json.Json;
import io.kubra.api.schema.Schema;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges one list of a strategic merge patch: scalars as a set, objects by the merge key. Items of
 * the patch keep the patch's order, others the server's order, and the two are interleaved by the
 * server's order where both are known to it.
 */
final class ListMerge {
  private final @Nullable Schema items;
  private final @Nullable String key;

  ListMerge(@Nullable Schema list) {
    this.items = list == null ? null : list.items();
    this.key = list == null ? null : list.patchMergeKey();
  }

  List<Object> merge(List<Object> original, List<Object> patch) {
    Object sample =
        patch.isEmpty() ? (original.isEmpty() ? null : original.getFirst()) : patch.getFirst();
    for (List<Object> side : List.of(original, patch)) {
      for (Object item : side) {
        if (item instanceof List<?>) {
          throw PatchErrors.unprocessable("lists of lists are not supported");
        }
        if (item instanceof Map<?, ?> != sample instanceof Map<?, ?>) {
          throw PatchErrors.malformed(
              "list element types are not identical: " + Json.toString(side));
        }
      }
    }
    List<Object> before = new ArrayList<>(original);
    List<Object> merged =
        sample instanceof Map<?, ?> ? objects(original, patch) : scalars(original, patch);
    return ordered(merged, patch, before);
  }

  private static List<Object> scalars(List<Object> original, List<Object> patch) {
    List<Object> all = new ArrayList<>();
    for (List<Object> side : List.of(original, patch)) {
      for (Object item : side) {
        if (all.stream().noneMatch(a -> Trees.equal(a, item))) {
          all.add(item);
        }
      }
    }
    return all;
  }

  private List<Object> objects(List<Object> original, List<Object> patch) {
    if (key == null) {
      throw PatchErrors.malformed(
          "cannot merge lists without merge key for type " + (items == null ? "" : items));
    }
    List<Object> merged = new ArrayList<>(original);
    List<Object> changes = new ArrayList<>();
    boolean replace = false;
    for (Object item : patch) {
      Map<String, Object> change = map(item);
      Object directive = change.get(StrategicMergePatch.DIRECTIVE);
      switch (directive == null ? "" : directive.toString()) {
        case "" -> changes.add(change);
        case "delete" -> {
          Object name = keyOf(change);
          merged.removeIf(m -> Trees.equal(map(m).get(key), name));
        }
        case "replace" -> {
          replace = true;
          if (change.size() > 1) {
            changes.add(change);
          }
        }
        case "merge" -> {
          change.remove(StrategicMergePatch.DIRECTIVE);
          changes.add(change);
        }
        default ->
            throw PatchErrors.malformed(
                "unknown patch type: " + directive + " in map: " + Json.toString(change));
      }
    }
    if (replace) {
      List<Object> replaced = new ArrayList<>();
      changes.forEach(
          c -> {
            map(c).remove(StrategicMergePatch.DIRECTIVE);
            replaced.add(StrategicMergePatch.dropDirectives(c));
          });
      return replaced;
    }
    for (Object item : changes) {
      Map<String, Object> change = map(item);
      int at = indexOf(merged, keyOf(change));
      if (at < 0) {
        merged.add(StrategicMergePatch.dropDirectives(change));
      } else {
        merged.set(at, StrategicMergePatch.mergeMap(map(merged.get(at)), change, items));
      }
    }
    return merged;
  }

  private Object keyOf(Map<String, Object> item) {
    Object value = item.get(key);
    if (value == null) {
      throw PatchErrors.malformed(
          "map: " + Json.toString(item) + " does not contain declared merge key: " + key);
    }
    return value;
  }

  private int indexOf(List<Object> list, @Nullable Object identity) {
    for (int i = 0; i < list.size(); i++) {
      if (Trees.equal(identity(list.get(i)), identity)) {
        return i;
      }
    }
    return -1;
  }

  /** What tells items apart: the merge key of an object, a scalar itself. */
  private @Nullable Object identity(Object item) {
    return item instanceof Map<?, ?> map && key != null ? map.get(key) : item;
  }

  /** The merged items: those in {@code order} as there, the others as in {@code before}. */
  List<Object> ordered(List<Object> merged, List<Object> order, List<Object> before) {
    List<Object> own = new ArrayList<>();
    List<Object> others = new ArrayList<>();
    for (Object item : merged) {
      (indexOf(order, identity(item)) >= 0 ? own : others).add(item);
    }
    own.sort(Comparator.comparingInt(item -> indexOf(order, identity(item))));
    others.sort(Comparator.comparingInt(item -> indexOf(before, identity(item))));
    List<Object> result = new ArrayList<>(merged.size());
    int left = 0;
    int right = 0;
    while (left < others.size() || right < own.size()) {
      if (right >= own.size()
          || (left < others.size() && precedes(others.get(left), own.get(right), before))) {
        result.add(others.get(left++));
      } else {
        result.add(own.get(right++));
      }
    }
    return result;
  }

  private boolean precedes(Object left, Object right, List<Object> before) {
    int l = indexOf(before, identity(left));
    int r = indexOf(before, identity(right));
    return l >= 0 && r >= 0 && l < r;
  }

  /** Refuses a patch list that is not in the order that the patch asks for. */
  void checkOrder(List<Object> patch, List<Object> order) {
    int at = -1;
    for (Object item : patch) {
      if (item instanceof Map<?, ?> map && map.containsKey(StrategicMergePatch.DIRECTIVE)) {
        continue;
      }
      int found = indexOf(order, identity(item));
      if (found <= at) {
        throw mismatch(patch, order);
      }
      at = found;
    }
  }

  private static ApiException mismatch(List<Object> patch, List<Object> order) {
    return PatchErrors.unprocessable(
        "The order in patch list:\n"
            + Json.toString(patch)
            + "\n doesn't match $setElementOrder list:\n"
            + Json.toString(order)
            + "\n");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object item) {
    return (Map<String, Object>) item;
  }
}
