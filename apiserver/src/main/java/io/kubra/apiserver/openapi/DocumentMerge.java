package io.kubra.apiserver.openapi;

import io.kubra.api.tree.Trees;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes OpenAPI v2 documents apart and puts them together. */
public final class DocumentMerge {
  private static final String DEFINITION = "#/definitions/";

  private DocumentMerge() {}

  /** The part of a document that is about paths with this beginning, with what they refer to. */
  public static Map<String, Object> part(Map<String, Object> document, String prefix) {
    Map<String, Object> paths = new LinkedHashMap<>();
    Map<String, Object> all = Trees.map(document, "paths");
    if (all != null) {
      all.forEach(
          (path, item) -> {
            if (path.startsWith(prefix)) {
              paths.put(path, item);
            }
          });
    }
    Map<String, Object> known = Trees.map(document, "definitions");
    Map<String, Object> definitions = new LinkedHashMap<>();
    Deque<String> open = new ArrayDeque<>(references(paths));
    while (!open.isEmpty()) {
      String name = open.pop();
      Object definition = known == null ? null : known.get(name);
      if (definition != null && definitions.put(name, definition) == null) {
        open.addAll(references(definition));
      }
    }
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("paths", paths);
    part.put("definitions", definitions);
    return part;
  }

  /** Adds a part to a document; definitions that differ from those of the same name are renamed. */
  static void add(Map<String, Object> document, Map<String, Object> part) {
    Map<String, Object> own = Trees.ensureMap(document, "definitions");
    Map<String, Object> theirs = Trees.map(part, "definitions");
    Map<String, String> renamed = new HashMap<>();
    if (theirs != null) {
      theirs.forEach(
          (name, definition) -> {
            Object known = own.get(name);
            if (known != null && !same(known, definition)) {
              int number = 2;
              while (own.containsKey(name + "_v" + number)) {
                number++;
              }
              renamed.put(name, name + "_v" + number);
            }
          });
      theirs.forEach(
          (name, definition) -> {
            String as = renamed.getOrDefault(name, name);
            own.computeIfAbsent(as, n -> rewritten(definition, renamed));
          });
    }
    Map<String, Object> paths = Trees.ensureMap(document, "paths");
    Map<String, Object> more = Trees.map(part, "paths");
    if (more != null) {
      more.forEach((path, item) -> paths.putIfAbsent(path, rewritten(item, renamed)));
    }
  }

  /** Whether two definitions mean the same; what they say of it may differ. */
  private static boolean same(@Nullable Object a, @Nullable Object b) {
    return Trees.equal(undescribed(a), undescribed(b));
  }

  private static @Nullable Object undescribed(@Nullable Object tree) {
    return switch (tree) {
      case Map<?, ?> map -> {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach(
            (key, value) -> {
              boolean text = key.equals("description") && value instanceof String;
              Object next = undescribed(value);
              if (!text && next != null) {
                copy.put(String.valueOf(key), next);
              }
            });
        yield copy;
      }
      case List<?> list -> {
        List<Object> copy = new ArrayList<>();
        for (Object item : list) {
          Object next = undescribed(item);
          if (next != null) {
            copy.add(next);
          }
        }
        yield copy;
      }
      case null, default -> tree;
    };
  }

  private static Set<String> references(@Nullable Object tree) {
    Set<String> names = new LinkedHashSet<>();
    collect(tree, names);
    return names;
  }

  private static void collect(@Nullable Object tree, Set<String> names) {
    if (tree instanceof Map<?, ?> map) {
      if (map.get("$ref") instanceof String ref && ref.startsWith(DEFINITION)) {
        names.add(ref.substring(DEFINITION.length()));
      }
      map.values().forEach(value -> collect(value, names));
    } else if (tree instanceof List<?> list) {
      list.forEach(item -> collect(item, names));
    }
  }

  private static Object rewritten(Object tree, Map<String, String> renamed) {
    if (renamed.isEmpty()) {
      return tree;
    }
    if (tree instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach(
          (key, value) -> {
            boolean ref = key.equals("$ref") && value instanceof String;
            copy.put(
                String.valueOf(key),
                ref ? reference(String.valueOf(value), renamed) : rewritten(value, renamed));
          });
      return copy;
    }
    if (tree instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(item -> copy.add(rewritten(item, renamed)));
      return copy;
    }
    return tree;
  }

  private static String reference(String ref, Map<String, String> renamed) {
    String name = ref.startsWith(DEFINITION) ? ref.substring(DEFINITION.length()) : "";
    String other = renamed.get(name);
    return other == null ? ref : DEFINITION + other;
  }
}
