package io.kubra.api.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes block style YAML; strings that a reader could take for something else are quoted. */
final class YamlWriter {
  private static final int MAX_SIMPLE_KEY = 1000;

  private final StringBuilder out = new StringBuilder();

  String write(@Nullable Object tree) {
    switch (tree) {
      case Map<?, ?> map when !map.isEmpty() -> map(map, 0, false);
      case List<?> list when !list.isEmpty() -> list(list, 0);
      case null, default -> scalar(tree, 0);
    }
    return out.toString();
  }

  private void indent(int depth) {
    out.repeat(' ', depth);
  }

  private void map(Map<?, ?> map, int depth, boolean inline) {
    boolean first = inline;
    for (Map.Entry<?, ?> e : map.entrySet()) {
      if (!first) {
        indent(depth);
      }
      first = false;
      key((String) e.getKey(), depth);
      out.append(':');
      switch (e.getValue()) {
        case Map<?, ?> below when !below.isEmpty() -> {
          out.append('\n');
          map(below, depth + 2, false);
        }
        case List<?> below when !below.isEmpty() -> {
          out.append('\n');
          list(below, depth);
        }
        case null, default -> {
          out.append(' ');
          scalar(e.getValue(), depth + 2);
        }
      }
    }
  }

  /** Readers look for the colon after a key only so far; after a longer one it has its own line. */
  private void key(String key, int depth) {
    int from = out.length();
    text(key, -1);
    if (out.length() - from > MAX_SIMPLE_KEY) {
      out.insert(from, "? ").append('\n');
      indent(depth);
    }
  }

  private void list(List<?> list, int depth) {
    for (Object item : list) {
      indent(depth);
      out.append('-');
      switch (item) {
        case Map<?, ?> below when !below.isEmpty() -> {
          out.append(' ');
          map(below, depth + 2, true);
        }
        case List<?> below when !below.isEmpty() -> {
          out.append('\n');
          list(below, depth + 2);
        }
        case null, default -> {
          out.append(' ');
          scalar(item, depth + 2);
        }
      }
    }
  }

  private void scalar(@Nullable Object value, int depth) {
    if (value instanceof String s) {
      text(s, depth);
    } else {
      out.append(Json.toString(value));
    }
    if (out.charAt(out.length() - 1) != '\n') {
      out.append('\n');
    }
  }

  /** A negative depth forbids block style: the text is a key. */
  private void text(String s, int depth) {
    if (plain(s)) {
      out.append(s);
    } else if (depth >= 0 && literal(s)) {
      block(s, depth);
    } else {
      out.append(Json.toString(s));
    }
  }

  private void block(String s, int depth) {
    boolean ends = s.endsWith("\n");
    out.append(!ends ? "|-" : s.endsWith("\n\n") ? "|+" : "|").append('\n');
    String body = ends ? s.substring(0, s.length() - 1) : s;
    for (String line : body.split("\n", -1)) {
      if (!line.isEmpty()) {
        indent(Math.max(depth, 2));
        out.append(line);
      }
      out.append('\n');
    }
  }

  private static boolean literal(String s) {
    return s.indexOf('\n') > 0
        && s.charAt(0) != ' '
        && s.charAt(0) != '\t'
        && !s.contains(" \n")
        && s.chars().allMatch(c -> c == '\n' || c == '\t' || (c >= ' ' && c != 0x7f && c < 0x80));
  }

  private static boolean plain(String s) {
    if (s.isEmpty() || s.charAt(s.length() - 1) == ' ' || !YamlScalars.isText(s)) {
      return false;
    }
    if ("-?:,[]{}#&*!|>'\"%@` =<~".indexOf(s.charAt(0)) >= 0) {
      return false;
    }
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c < ' ' || c >= 0x7f) {
        return false;
      }
      boolean last = i == s.length() - 1;
      if (c == ':' && (last || s.charAt(i + 1) == ' ')) {
        return false;
      }
      if (c == '#' && s.charAt(i - 1) == ' ') {
        return false;
      }
    }
    return true;
  }
}
