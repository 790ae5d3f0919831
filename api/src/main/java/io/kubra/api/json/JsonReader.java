package io.kubra.api.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A recursive descent reader over UTF-8 bytes. Field names go through a shared, racy cache: API
 * objects repeat a few hundred names, and equal names are then one string. Invalid UTF-8 becomes
 * U+FFFD as in the reference.
 */
final class JsonReader {
  /** Far more than any object has, and little enough for all that walks trees by recursion. */
  static final int MAX_DEPTH = 250;

  /** The reference stops reporting here. */
  static final int MAX_DUPLICATES = 100;

  private static final String[] NAMES = new String[4096];

  private final byte[] in;
  private final int end;
  private final @Nullable Consumer<String> duplicates;
  private final List<Object> path = new ArrayList<>();
  private int at;
  private int depth;
  private int reported;

  JsonReader(byte[] in, int start, int end, @Nullable Consumer<String> duplicates) {
    this.in = in;
    this.at = start;
    this.end = end;
    this.duplicates = duplicates;
  }

  @Nullable Object document() {
    Object value = value();
    skip();
    if (at < end) {
      throw invalid("after top-level value");
    }
    return value;
  }

  private void skip() {
    while (at < end) {
      byte b = in[at];
      if (b != ' ' && b != '\n' && b != '\t' && b != '\r') {
        return;
      }
      at++;
    }
  }

  private @Nullable Object value() {
    skip();
    if (at >= end) {
      throw truncated();
    }
    byte b = in[at];
    switch (b) {
      case '{':
        return object();
      case '[':
        return array();
      case '"':
        return string();
      case 't':
        return literal("true", true);
      case 'f':
        return literal("false", false);
      case 'n':
        return literal("null", null);
      default:
        if (b == '-' || (b >= '0' && b <= '9')) {
          return number();
        }
        throw invalid("looking for beginning of value");
    }
  }

  private Map<String, Object> object() {
    enter();
    Map<String, Object> map = new LinkedHashMap<>();
    at++;
    skip();
    if (at < end && in[at] == '}') {
      at++;
      depth--;
      return map;
    }
    while (true) {
      skip();
      if (at >= end) {
        throw truncated();
      }
      if (in[at] != '"') {
        throw invalid("looking for beginning of object key string");
      }
      String name = name();
      skip();
      expect(':', "after object key");
      if (duplicates == null) {
        put(map, name, value());
      } else {
        path.add(name);
        int size = map.size();
        put(map, name, value());
        if (map.size() == size && ++reported <= MAX_DUPLICATES) {
          duplicates.accept(pathText());
        }
        path.removeLast();
      }
      skip();
      if (at >= end) {
        throw truncated();
      }
      if (in[at] == '}') {
        at++;
        depth--;
        return map;
      }
      expect(',', "after object key:value pair");
    }
  }

  @SuppressWarnings("NullAway") // JSON null is a null in the tree
  private static void put(Map<String, Object> map, String name, @Nullable Object value) {
    map.put(name, value);
  }

  private List<Object> array() {
    enter();
    List<Object> list = new ArrayList<>();
    at++;
    skip();
    if (at < end && in[at] == ']') {
      at++;
      depth--;
      return list;
    }
    while (true) {
      if (duplicates == null) {
        add(list, value());
      } else {
        path.add(list.size());
        add(list, value());
        path.removeLast();
      }
      skip();
      if (at >= end) {
        throw truncated();
      }
      if (in[at] == ']') {
        at++;
        depth--;
        return list;
      }
      expect(',', "after array element");
    }
  }

  @SuppressWarnings("NullAway") // JSON null is a null in the tree
  private static void add(List<Object> list, @Nullable Object value) {
    list.add(value);
  }

  private void enter() {
    if (++depth > MAX_DEPTH) {
      throw new JsonSyntaxException("exceeded max depth", at);
    }
  }

  private String pathText() {
    StringBuilder text = new StringBuilder();
    for (Object step : path) {
      if (step instanceof Integer index) {
        text.append('[').append(index).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(step);
      }
    }
    return text.toString();
  }

  private void expect(char c, String where) {
    if (at >= end) {
      throw truncated();
    }
    if (in[at] != c) {
      throw invalid(where);
    }
    at++;
  }

  private @Nullable Object literal(String word, @Nullable Object value) {
    for (int i = 1; i < word.length(); i++) {
      if (at + i >= end) {
        throw truncated();
      }
      if (in[at + i] != word.charAt(i)) {
        at += i;
        throw invalid("in literal " + word + " (expecting '" + word.charAt(i) + "')");
      }
    }
    at += word.length();
    return value;
  }

  private Object number() {
    int start = at;
    boolean negative = in[at] == '-';
    if (negative) {
      at++;
    }
    if (at >= end) {
      throw truncated();
    }
    int digits = at;
    if (in[at] == '0') {
      at++;
    } else if (in[at] >= '1' && in[at] <= '9') {
      digits();
    } else {
      throw invalid("in numeric literal");
    }
    boolean integer = true;
    int count = at - digits;
    if (at < end && in[at] == '.') {
      integer = false;
      at++;
      digitsRequired("after decimal point in numeric literal");
    }
    if (at < end && (in[at] == 'e' || in[at] == 'E')) {
      integer = false;
      at++;
      if (at < end && (in[at] == '+' || in[at] == '-')) {
        at++;
      }
      digitsRequired("in exponent of numeric literal");
    }
    if (integer && count <= 18) {
      long value = 0;
      for (int i = digits; i < at; i++) {
        value = value * 10 + (in[i] - '0');
      }
      return negative ? -value : value;
    }
    return large(new String(in, start, at - start, StandardCharsets.ISO_8859_1), integer);
  }

  private Object large(String text, boolean integer) {
    if (integer) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        // beyond 64 bits: a floating point number, as in the reference
      }
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw new JsonSyntaxException(
          "json: cannot unmarshal number " + text + " into Go value of type float64", at);
    }
    return value;
  }

  private void digits() {
    while (at < end && in[at] >= '0' && in[at] <= '9') {
      at++;
    }
  }

  private void digitsRequired(String where) {
    int start = at;
    digits();
    if (at == start) {
      throw at >= end ? truncated() : invalid(where);
    }
  }

  private String name() {
    int hash = 0;
    int i = at + 1;
    for (; i < end; i++) {
      byte b = in[i];
      if (b == '"') {
        break;
      }
      if (b < ' ' || b == '\\') {
        return string();
      }
      hash = hash * 31 + b;
    }
    int start = at + 1;
    int length = i - start;
    int slot = (hash ^ (hash >>> 12)) & (NAMES.length - 1);
    String known = NAMES[slot];
    if (known != null && same(known, start, length) && i < end) {
      at = i + 1;
      return known;
    }
    String name = string();
    if (length <= 64) {
      NAMES[slot] = name;
    }
    return name;
  }

  private boolean same(String known, int start, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known.charAt(i) != in[start + i]) {
        return false;
      }
    }
    return true;
  }

  private String string() {
    int start = ++at;
    boolean ascii = true;
    for (; at < end; at++) {
      byte b = in[at];
      if (b == '"') {
        String s =
            new String(
                in,
                start,
                at - start,
                ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        at++;
        return s;
      }
      if (b == '\\') {
        return escaped(start);
      }
      if (b < ' ') {
        if (b >= 0) {
          throw invalid("in string literal");
        }
        ascii = false;
      }
    }
    throw truncated();
  }

  private String escaped(int start) {
    StringBuilder text = new StringBuilder((at - start) * 2 + 16);
    int from = start;
    for (; at < end; at++) {
      byte b = in[at];
      if (b >= 0 && b < ' ') {
        throw invalid("in string literal");
      }
      if (b == '"' || b == '\\') {
        text.append(new String(in, from, at - from, StandardCharsets.UTF_8));
        if (b == '"') {
          at++;
          return wellFormed(text);
        }
        at++;
        if (at >= end) {
          throw truncated();
        }
        text.append(escape());
        from = at + 1;
      }
    }
    throw truncated();
  }

  private char escape() {
    return switch (in[at]) {
      case '"' -> '"';
      case '\\' -> '\\';
      case '/' -> '/';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw invalid("in string escape code");
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      at++;
      if (at >= end) {
        throw truncated();
      }
      int digit = in[at] < 0 ? -1 : Character.digit((char) in[at], 16);
      if (digit < 0) {
        throw invalid("in \\u hexadecimal character escape");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }

  /** Lone surrogates become U+FFFD: they cannot be written as UTF-8. */
  private static String wellFormed(StringBuilder text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (pair) {
          i++;
        } else {
          text.setCharAt(i, '\uFFFD');
        }
      }
    }
    return text.toString();
  }

  private JsonSyntaxException truncated() {
    return new JsonSyntaxException("unexpected end of JSON input", end);
  }

  private JsonSyntaxException invalid(String where) {
    int c = in[at] & 0xff;
    String shown =
        switch (c) {
          case '\'' -> "'\\''";
          case '"' -> "'\"'";
          case '\\' -> "'\\\\'";
          case '\n' -> "'\\n'";
          case '\r' -> "'\\r'";
          case '\t' -> "'\\t'";
          default -> c < ' ' || c == 0x7f ? String.format("'\\x%02x'", c) : "'" + (char) c + "'";
        };
    return new JsonSyntaxException("invalid character " + shown + " " + where, at);
  }
}
