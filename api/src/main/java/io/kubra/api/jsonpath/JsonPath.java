package io.kubra.api.jsonpath;

import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path such as {@code .status.conditions[?(@.type=="Ready")].status}: fields (also in quotes and
 * with escaped dots), indexes, wildcards and filters that compare with a literal. Immutable.
 */
public final class JsonPath {
  private static final Pattern FILTER =
      Pattern.compile("\\?\\(\\s*@((?:\\.[^=!<>\\s]+)+)\\s*(==|!=)\\s*(.+?)\\s*\\)");

  private sealed interface Step {}

  private record Name(String name) implements Step {}

  private record Index(int index) implements Step {}

  private record All() implements Step {}

  private record Filter(JsonPath path, boolean equal, String literal) implements Step {}

  private final List<Step> steps;

  private JsonPath(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /**
   * Reads a path; it begins with a dot, or with {@code $}, or is in braces.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static JsonPath parse(String text) {
    String path = text.strip();
    if (path.startsWith("{") && path.endsWith("}")) {
      path = path.substring(1, path.length() - 1);
    }
    if (path.startsWith("$")) {
      path = path.substring(1);
    }
    List<Step> steps = new ArrayList<>();
    int at = 0;
    while (at < path.length()) {
      char c = path.charAt(at);
      if (c == '.') {
        at = name(path, at + 1, steps);
      } else if (c == '[') {
        int end = closing(path, at);
        steps.add(bracket(path.substring(at + 1, end)));
        at = end + 1;
      } else {
        throw new IllegalArgumentException("not a JSON path: " + text);
      }
    }
    return new JsonPath(steps);
  }

  private static int name(String path, int from, List<Step> steps) {
    StringBuilder name = new StringBuilder();
    int at = from;
    while (at < path.length() && path.charAt(at) != '.' && path.charAt(at) != '[') {
      if (path.charAt(at) == '\\' && at + 1 < path.length()) {
        at++;
      }
      name.append(path.charAt(at++));
    }
    if (name.toString().equals("*")) {
      steps.add(new All());
    } else if (!name.isEmpty()) {
      steps.add(new Name(name.toString()));
    }
    return at;
  }

  private static int closing(String path, int open) {
    char quote = 0;
    int depth = 0;
    for (int i = open; i < path.length(); i++) {
      char c = path.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '[') {
        depth++;
      } else if (c == ']' && --depth == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException("unterminated array in " + path);
  }

  private static Step bracket(String inside) {
    String text = inside.strip();
    if (text.equals("*")) {
      return new All();
    }
    if (text.matches("-?[0-9]{1,9}")) {
      return new Index(Integer.parseInt(text));
    }
    Matcher filter = FILTER.matcher(text);
    if (filter.matches()) {
      return new Filter(
          parse(filter.group(1)), filter.group(2).equals("=="), unquoted(filter.group(3)));
    }
    if (text.startsWith("'") || text.startsWith("\"")) {
      return new Name(unquoted(text).replace("\\.", "."));
    }
    throw new IllegalArgumentException("not a JSON path: [" + inside + "]");
  }

  private static String unquoted(String text) {
    return text.length() > 1 && (text.startsWith("'") || text.startsWith("\""))
        ? text.substring(1, text.length() - 1)
        : text;
  }

  /** The names of the fields on the way, or null if the path is more than that. */
  public @Nullable List<String> fields() {
    List<String> names = new ArrayList<>();
    for (Step step : steps) {
      if (!(step instanceof Name(String name))) {
        return null;
      }
      names.add(name);
    }
    return names;
  }

  /** The values that the path leads to, in order. */
  public List<Object> find(@Nullable Object tree) {
    List<Object> now = new ArrayList<>();
    if (tree != null) {
      now.add(tree);
    }
    for (Step step : steps) {
      List<Object> next = new ArrayList<>();
      for (Object value : now) {
        follow(step, value, next);
      }
      now = next;
    }
    return now;
  }

  private static void follow(Step step, Object value, List<Object> found) {
    switch (step) {
      case Name(String name) -> add(Trees.get(value, name), found);
      case Index(int index) -> {
        if (value instanceof List<?> list) {
          int at = index < 0 ? list.size() + index : index;
          if (at >= 0 && at < list.size()) {
            add(list.get(at), found);
          }
        }
      }
      case All() -> {
        if (value instanceof List<?> list) {
          list.forEach(item -> add(item, found));
        } else if (value instanceof Map<?, ?> map) {
          map.values().forEach(item -> add(item, found));
        }
      }
      case Filter(JsonPath path, boolean equal, String literal) -> {
        if (value instanceof List<?> list) {
          for (Object item : list) {
            boolean same =
                path.find(item).stream().anyMatch(v -> String.valueOf(v).equals(literal));
            if (item != null && same == equal) {
              found.add(item);
            }
          }
        }
      }
    }
  }

  private static void add(@Nullable Object value, List<Object> found) {
    if (value != null) {
      found.add(value);
    }
  }
}
