package io.kubra.api.patch;

import io.kubra.api.json.Json;
import io.kubra.api.schema.Schema;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge patch: a merge patch in which lists with a merge key merge item by item, and
 * which knows directives:
 *
 * <ul>
 *   <li>{@code $patch: replace | delete | merge} in an object or list item
 *   <li>{@code $retainKeys: [a, b]}: fields of the object that are not named go
 *   <li>{@code $deleteFromPrimitiveList/f: [a]}: items to take from the list {@code f}
 *   <li>{@code $setElementOrder/f: [...]}: the order of the items of {@code f}
 * </ul>
 *
 * Which lists merge and by which key is in the {@link Schema}. Fields without schema merge as in a
 * plain merge patch.
 */
public final class StrategicMergePatch {
  static final String DIRECTIVE = "$patch";
  private static final String RETAIN_KEYS = "$retainKeys";
  private static final String DELETE = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";

  private StrategicMergePatch() {}

  /**
   * The document with the patch applied; neither is changed.
   *
   * @throws ApiException 400 if the patch is malformed, 422 if it does not fit the object
   */
  public static Map<String, Object> apply(
      Map<String, Object> document, Map<String, Object> patch, @Nullable Schema schema) {
    return mergeMap(Trees.deepCopy(document), Trees.deepCopy(patch), schema);
  }

  /** Both maps may be changed. */
  static Map<String, Object> mergeMap(
      Map<String, Object> original, Map<String, Object> patch, @Nullable Schema schema) {
    if (patch.containsKey(DIRECTIVE)) {
      Object directive = patch.remove(DIRECTIVE);
      switch (String.valueOf(directive)) {
        case "replace" -> {
          return withoutDirectives(patch);
        }
        case "delete" -> {
          return new LinkedHashMap<>();
        }
        case "merge" -> {
          // what happens anyway
        }
        default ->
            throw PatchErrors.malformed(
                "unknown patch type: " + directive + " in map: " + Json.toString(patch));
      }
    }
    retainKeys(original, patch);
    applyOrders(original, patch, schema);
    for (Map.Entry<String, Object> e : patch.entrySet()) {
      String key = e.getKey();
      Object change = e.getValue();
      if (key.startsWith(DELETE)) {
        deleteFromPrimitives(original, key.substring(DELETE.length()), change);
      } else if (change == null) {
        original.remove(key);
      } else {
        original.put(key, merged(original.get(key), change, below(schema, key)));
      }
    }
    return original;
  }

  private static Object merged(@Nullable Object old, Object change, @Nullable Schema schema) {
    if (old instanceof Map<?, ?> && change instanceof Map<?, ?>) {
      return schema != null && schema.patchStrategies().contains("replace")
          ? withoutDirectives(map(change))
          : mergeMap(map(old), map(change), schema);
    }
    if (old instanceof List<?> && change instanceof List<?>) {
      return mergeList(list(old), list(change), schema);
    }
    return dropDirectives(change);
  }

  static List<Object> mergeList(
      List<Object> original, List<Object> patch, @Nullable Schema schema) {
    if (schema == null || !schema.patchStrategies().contains("merge")) {
      return list(dropDirectives(patch));
    }
    return new ListMerge(schema).merge(original, patch);
  }

  private static @Nullable Schema below(@Nullable Schema schema, String key) {
    if (schema == null) {
      return null;
    }
    return switch (schema.kind()) {
      case OBJECT -> {
        Schema.Field field = schema.field(key);
        yield field == null ? null : field.schema();
      }
      case MAP -> schema.values();
      default -> null;
    };
  }

  private static void retainKeys(Map<String, Object> original, Map<String, Object> patch) {
    if (!patch.containsKey(RETAIN_KEYS)) {
      return;
    }
    if (!(patch.remove(RETAIN_KEYS) instanceof List<?> retained)) {
      throw PatchErrors.unprocessable("invalid patch format of retainKeys");
    }
    patch.forEach(
        (key, value) -> {
          if (value != null && !isDirective(key) && !retained.contains(key)) {
            throw PatchErrors.unprocessable("invalid patch format of retainKeys");
          }
        });
    original.keySet().removeIf(key -> !retained.contains(key));
  }

  private static void applyOrders(
      Map<String, Object> original, Map<String, Object> patch, @Nullable Schema schema) {
    for (String directive : List.copyOf(patch.keySet())) {
      if (!directive.startsWith(ORDER)) {
        continue;
      }
      String key = directive.substring(ORDER.length());
      if (!(patch.remove(directive) instanceof List<?> order)) {
        throw PatchErrors.unprocessable("invalid patch format of setElementOrder list");
      }
      Schema list = below(schema, key);
      Object old = original.get(key);
      Object change = patch.get(key);
      if ((old != null && !(old instanceof List<?>))
          || (change != null && !(change instanceof List<?>))
          || (old == null && change == null)
          || (patch.containsKey(key) && change == null)) {
        continue;
      }
      ListMerge merge = new ListMerge(list);
      if (change != null) {
        merge.checkOrder(list(change), list(order));
      }
      List<Object> before = old == null ? List.of() : new ArrayList<>(list(old));
      List<Object> merged =
          change == null
              ? list(old)
              : old == null
                  ? list(dropDirectives(change))
                  : mergeList(list(old), list(change), list);
      patch.remove(key);
      original.put(key, merge.ordered(merged, list(order), before));
    }
  }

  private static void deleteFromPrimitives(
      Map<String, Object> original, String key, @Nullable Object change) {
    if (!(change instanceof List<?> gone)) {
      throw PatchErrors.unprocessable("invalid patch format of primitive list");
    }
    if (original.get(key) instanceof List<?> list) {
      Iterator<?> items = list.iterator();
      while (items.hasNext()) {
        Object item = items.next();
        if (gone.stream().anyMatch(g -> Trees.equal(g, item))) {
          items.remove();
        }
      }
    }
  }

  private static boolean isDirective(String key) {
    return key.equals(DIRECTIVE)
        || key.equals(RETAIN_KEYS)
        || key.startsWith(DELETE)
        || key.startsWith(ORDER);
  }

  /** A value that is new to the document: nulls and directives in it mean nothing. */
  static Object dropDirectives(Object value) {
    if (value instanceof Map<?, ?> map) {
      return withoutDirectives(map(map));
    }
    if (value instanceof List<?> list) {
      List<Object> kept = new ArrayList<>(list.size());
      for (Object item : list) {
        if (item instanceof Map<?, ?> map && map.containsKey(DIRECTIVE)) {
          if ("delete".equals(map.get(DIRECTIVE)) || map.size() == 1) {
            continue;
          }
        }
        if (item != null) {
          kept.add(dropDirectives(item));
        }
      }
      return kept;
    }
    return value;
  }

  private static Map<String, Object> withoutDirectives(Map<String, Object> map) {
    Map<String, Object> kept = new LinkedHashMap<>();
    if ("delete".equals(map.get(DIRECTIVE))) {
      return kept;
    }
    map.forEach(
        (key, value) -> {
          if (value != null && !isDirective(key)) {
            kept.put(key, dropDirectives(value));
          }
        });
    return kept;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings({"unchecked", "NullAway"})
  private static List<Object> list(@Nullable Object value) {
    return (List<Object>) value;
  }
}
