package io.kubra.api.apply;

import io.kubra.api.schema.Schema;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Merges an applied configuration into a live object: the configuration wins where it speaks. */
final class Merge {
  private Merge() {}

  /** The merged object, a new tree that shares nothing with its sources. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> of(
      @Nullable Schema schema, Map<String, Object> live, Map<String, Object> applied) {
    return (Map<String, Object>) merge(schema, live, applied);
  }

  private static Object merge(@Nullable Schema schema, @Nullable Object live, Object applied) {
    Shape shape = Shape.of(schema, live, applied);
    if (shape.map()) {
      return mergeMaps(schema, (Map<?, ?>) live, (Map<?, ?>) applied);
    }
    if (shape.list() && live instanceof List<?> list) {
      return mergeLists(shape, schema, list, (List<?>) applied);
    }
    return Trees.deepCopy(applied);
  }

  private static Map<String, Object> mergeMaps(
      @Nullable Schema schema, @Nullable Map<?, ?> live, Map<?, ?> applied) {
    Map<String, Object> merged = new LinkedHashMap<>();
    if (live != null) {
      live.forEach(
          (name, value) -> {
            if (!applied.containsKey(name)) {
              merged.put((String) name, Trees.deepCopy(value));
            } else if (mergeEntry(schema, (String) name, value, applied.get(name))
                instanceof Object result) {
              merged.put((String) name, result);
            }
          });
    }
    applied.forEach(
        (name, value) -> {
          if (value != null && (live == null || !live.containsKey(name))) {
            merged.put((String) name, merge(Shape.below(schema, (String) name), null, value));
          }
        });
    return merged;
  }

  /** An explicit null clears a value that is one piece and says nothing about one in parts. */
  private static @Nullable Object mergeEntry(
      @Nullable Schema schema, String name, @Nullable Object live, @Nullable Object applied) {
    Schema below = Shape.below(schema, name);
    if (applied != null) {
      return merge(below, live, applied);
    }
    return live == null || Shape.of(below, live) == Shape.WHOLE ? null : Trees.deepCopy(live);
  }

  /**
   * Items keep the order of the configuration; items only the live list has stay in front of the
   * live item they preceded, as far as that order allows.
   */
  private static List<Object> mergeLists(
      Shape shape, @Nullable Schema schema, List<?> live, List<?> applied) {
    List<@Nullable String> ours = elements(shape, schema, live);
    List<@Nullable String> theirs = elements(shape, schema, applied);
    Set<@Nullable String> inLive = new HashSet<>(ours);
    Set<@Nullable String> inApplied = new HashSet<>(theirs);
    List<Object> merged = new ArrayList<>(Math.max(live.size(), applied.size()));
    int cursor = 0;
    for (int i = 0; i < applied.size(); i++) {
      String anchor = nextShared(theirs, i, inLive);
      while (cursor < live.size() && (anchor == null || !anchor.equals(ours.get(cursor)))) {
        String element = ours.get(cursor);
        if (element == null || !inApplied.contains(element)) {
          merged.add(Trees.deepCopy(live.get(cursor)));
        }
        cursor++;
      }
      String element = theirs.get(i);
      int match = element == null ? -1 : ours.indexOf(element);
      merged.add(
          match < 0
              ? Trees.deepCopy(applied.get(i))
              : merge(Shape.items(schema), live.get(match), applied.get(i)));
      if (cursor < live.size() && element != null && element.equals(ours.get(cursor))) {
        cursor++;
      }
    }
    for (; cursor < live.size(); cursor++) {
      if (!inApplied.contains(ours.get(cursor))) {
        merged.add(Trees.deepCopy(live.get(cursor)));
      }
    }
    return merged;
  }

  private static @Nullable String nextShared(
      List<@Nullable String> elements, int from, Set<@Nullable String> inLive) {
    for (int i = from; i < elements.size(); i++) {
      String element = elements.get(i);
      if (element != null && inLive.contains(element)) {
        return element;
      }
    }
    return null;
  }

  private static List<@Nullable String> elements(
      Shape shape, @Nullable Schema schema, List<?> list) {
    List<@Nullable String> elements = new ArrayList<>(list.size());
    for (Object item : list) {
      elements.add(Shape.element(shape, schema, item));
    }
    return elements;
  }
}
