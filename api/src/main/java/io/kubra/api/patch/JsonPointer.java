package io.kubra.api.patch;

import io.kubra.api.status.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place in a document (RFC 6901), with negative indexes counting from the end. */
record JsonPointer(String text, List<String> steps) {
  static JsonPointer parse(String text) {
    if (text.isEmpty()) {
      return new JsonPointer(text, List.of());
    }
    if (text.charAt(0) != '/') {
      throw missing(text);
    }
    List<String> steps = new ArrayList<>();
    for (String step : text.substring(1).split("/", -1)) {
      steps.add(step.replace("~1", "/").replace("~0", "~"));
    }
    return new JsonPointer(text, List.copyOf(steps));
  }

  boolean isAncestorOf(JsonPointer other) {
    return steps.size() < other.steps.size() && other.steps.subList(0, steps.size()).equals(steps);
  }

  @Nullable Object get(@Nullable Object root) {
    Object at = root;
    for (String step : steps) {
      at = below(at, step);
    }
    return at;
  }

  /** What is there, or null if the last step leads nowhere. */
  @Nullable Object getOrNull(@Nullable Object root) {
    if (steps.isEmpty()) {
      return root;
    }
    Object parent = parent(root);
    if (parent instanceof Map<?, ?> map && !map.containsKey(last())) {
      return null;
    }
    return below(parent, last());
  }

  @Nullable Object add(@Nullable Object root, @Nullable Object value) {
    if (steps.isEmpty()) {
      return value;
    }
    Object parent = parent(root);
    if (parent instanceof Map<?, ?> map) {
      put(map, value);
    } else {
      List<Object> list = list(parent);
      list.add(last().equals("-") ? list.size() : index(last(), list.size() + 1), held(value));
    }
    return root;
  }

  @Nullable Object replace(@Nullable Object root, @Nullable Object value) {
    if (steps.isEmpty()) {
      return value;
    }
    Object parent = parent(root);
    if (parent instanceof Map<?, ?> map) {
      if (!map.containsKey(last())) {
        throw missing(text);
      }
      put(map, value);
    } else {
      List<Object> list = list(parent);
      list.set(index(last(), list.size()), held(value));
    }
    return root;
  }

  void remove(@Nullable Object root) {
    if (steps.isEmpty()) {
      throw missing(text);
    }
    Object parent = parent(root);
    if (parent instanceof Map<?, ?> map) {
      if (!map.containsKey(last())) {
        throw missing(text);
      }
      map.remove(last());
    } else {
      List<Object> list = list(parent);
      list.remove(index(last(), list.size()));
    }
  }

  private String last() {
    return steps.getLast();
  }

  private @Nullable Object parent(@Nullable Object root) {
    Object at = root;
    for (String step : steps.subList(0, steps.size() - 1)) {
      at = below(at, step);
    }
    return at;
  }

  private @Nullable Object below(@Nullable Object at, String step) {
    if (at instanceof Map<?, ?> map) {
      if (!map.containsKey(step)) {
        throw missing(text);
      }
      return map.get(step);
    }
    List<Object> list = list(at);
    return list.get(index(step, list.size()));
  }

  @SuppressWarnings("unchecked")
  private List<Object> list(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return (List<Object>) list;
    }
    throw missing(text);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // a tree may hold JSON nulls
  private void put(Map<?, ?> map, @Nullable Object value) {
    ((Map<String, Object>) map).put(last(), value);
  }

  @SuppressWarnings("NullAway") // a tree may hold JSON nulls
  private static Object held(@Nullable Object value) {
    return value;
  }

  private int index(String step, int size) {
    int index;
    try {
      index = Integer.parseInt(step);
    } catch (NumberFormatException e) {
      throw missing(text);
    }
    int at = index < 0 ? index + size : index;
    if (at < 0 || at >= size) {
      throw PatchErrors.unprocessable(
          "Unable to access invalid index: " + index + ": invalid index referenced");
    }
    return at;
  }

  private static ApiException missing(String path) {
    return PatchErrors.unprocessable(
        "operation does not apply: doc is missing path: \"" + path + "\": missing value");
  }

  @Override
  public String toString() {
    return text;
  }
}
