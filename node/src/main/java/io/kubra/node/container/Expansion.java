package io.kubra.node.container;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Replaces {@code $(NAME)} in commands, arguments and variables. */
public final class Expansion {
  private Expansion() {}

  /**
   * The text with references to known names replaced. Unknown ones stay; {@code $$} stands for a
   * dollar sign.
   */
  public static String expand(String text, Function<String, @Nullable String> values) {
    int dollar = text.indexOf('$');
    if (dollar < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16);
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c != '$' || i + 1 == text.length()) {
        out.append(c);
        i++;
        continue;
      }
      char next = text.charAt(i + 1);
      if (next == '$') {
        out.append('$');
        i += 2;
        continue;
      }
      int end = next == '(' ? text.indexOf(')', i + 2) : -1;
      if (end < 0) {
        out.append(c);
        i++;
        continue;
      }
      String value = values.apply(text.substring(i + 2, end));
      if (value == null) {
        out.append(text, i, end + 1);
      } else {
        out.append(value);
      }
      i = end + 1;
    }
    return out.toString();
  }
}
