package io.kubra.addons.helm.values;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.api.tree.Trees;
import io.kubra.model.Codec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/**
 * Values as {@code --set-json} takes them: {@code key=JSON,key=JSON}, or one JSON object. They are
 * set in a tree that other values were put into before.
 */
public final class JsonValues {
  private final Map<String, Object> tree = new LinkedHashMap<>();

  /** Values that nothing was put into yet. */
  public JsonValues() {}

  /** All values. */
  public Map<String, Object> tree() {
    return tree;
  }

  /** Merges a values file into what is there: maps key by key, all else replaces. */
  public void merge(Map<String, Object> values) {
    merge(tree, values);
  }

  @SuppressWarnings("unchecked")
  private static void merge(Map<String, Object> into, Map<String, Object> values) {
    values.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> map && into.get(key) instanceof Map<?, ?> old) {
            merge((Map<String, Object>) old, (Map<String, Object>) map);
          } else {
            into.put(key, Trees.copyOrNull(value));
          }
        });
  }

  /**
   * Sets what one argument says.
   *
   * @throws HelmException if it makes no sense
   */
  @SuppressWarnings("unchecked")
  public void set(String argument) {
    if (argument.strip().startsWith("{")) {
      Value object = value(argument.strip(), argument);
      if (!(object.tree instanceof Map<?, ?> map) || !object.rest.isEmpty()) {
        throw wrong(argument, "expected one object");
      }
      merge((Map<String, Object>) map);
      return;
    }
    String rest = argument;
    while (!rest.isEmpty()) {
      int equals = end(rest);
      Value value = value(rest.substring(equals + 1), argument);
      put(steps(rest.substring(0, equals), argument), value.tree, argument);
      if (!value.rest.isEmpty() && !value.rest.startsWith(",")) {
        throw wrong(argument, "expected a comma, not \"" + value.rest + '"');
      }
      rest = value.rest.isEmpty() ? "" : value.rest.substring(1);
    }
  }

  private static Object orEmpty(@Nullable Object value) {
    return value == null ? Map.of() : value;
  }

  private record Value(@Nullable Object tree, String rest) {}

  private static Value value(String text, String argument) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (JsonParser p = Codec.parser(bytes)) {
      if (p.nextToken() == null) {
        throw wrong(argument, "unexpected end of JSON input");
      }
      Object tree = Codec.treeOrNull(p);
      p.finishToken();
      int end = (int) p.currentLocation().getByteOffset();
      return new Value(
          tree, new String(bytes, end, bytes.length - end, StandardCharsets.UTF_8).strip());
    } catch (JacksonException e) {
      throw wrong(argument, String.valueOf(e.getOriginalMessage()));
    }
  }

  private static int end(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '=' && i > 0) {
        return i;
      }
    }
    throw wrong(text, "key \"" + text + "\" has no value");
  }

  /** The keys and indexes of a path: texts and integers. */
  private static List<Object> steps(String path, String argument) {
    List<Object> steps = new ArrayList<>();
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      switch (c) {
        case '\\' -> {
          if (++i < path.length()) {
            key.append(path.charAt(i));
          }
        }
        case '.' -> add(key, steps);
        case '[' -> {
          add(key, steps);
          int close = path.indexOf(']', i);
          String index = close < 0 ? "" : path.substring(i + 1, close);
          if (!index.matches("\\d{1,5}") || steps.isEmpty()) {
            throw wrong(argument, "error parsing index: \"" + path + '"');
          }
          steps.add(Integer.valueOf(index));
          i = close;
        }
        default -> key.append(c);
      }
    }
    add(key, steps);
    if (steps.isEmpty()) {
      throw wrong(argument, "a key is empty");
    }
    return steps;
  }

  private static void add(StringBuilder key, List<Object> steps) {
    if (!key.isEmpty()) {
      steps.add(key.toString());
      key.setLength(0);
    }
  }

  @SuppressWarnings("unchecked")
  private void put(List<Object> steps, @Nullable Object value, String argument) {
    Object at = tree;
    for (int i = 0; i < steps.size(); i++) {
      boolean last = i == steps.size() - 1;
      Object empty =
          last || steps.get(i + 1) instanceof String
              ? new LinkedHashMap<String, Object>()
              : new ArrayList<Object>();
      if (steps.get(i) instanceof String key && at instanceof Map<?, ?> map) {
        Map<String, @Nullable Object> fields = (Map<String, @Nullable Object>) map;
        if (!last && (fields.get(key) == null || fields.get(key) instanceof String)) {
          fields.put(key, empty);
        }
        if (last) {
          fields.put(key, value);
        } else {
          at = orEmpty(fields.get(key));
        }
      } else if (steps.get(i) instanceof Integer index && at instanceof List<?> list) {
        List<@Nullable Object> items = (List<@Nullable Object>) list;
        while (items.size() <= index) {
          items.add(null);
        }
        if (!last && items.get(index) == null) {
          items.set(index, empty);
        }
        if (last) {
          items.set(index, value);
        } else {
          at = orEmpty(items.get(index));
        }
      } else {
        throw wrong(argument, "what " + steps.get(i) + " leads into is of another kind");
      }
    }
  }

  private static HelmException wrong(String argument, String why) {
    return new HelmException("failed parsing --set-json data " + argument + ": " + why);
  }
}
