package io.kubra.api.json;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Appends compact JSON to a growing array. */
final class JsonWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.ISO_8859_1);

  private byte[] out = new byte[1024];
  private int size;

  byte[] toByteArray() {
    return Arrays.copyOf(out, size);
  }

  void writeTo(OutputStream stream) throws IOException {
    stream.write(out, 0, size);
  }

  void value(@Nullable Object value) {
    switch (value) {
      case null -> raw(NULL);
      case String s -> string(s);
      case Map<?, ?> map -> object(map);
      case List<?> list -> array(list);
      case Boolean b -> raw(b ? TRUE : FALSE);
      case Long n -> integer(n);
      case Integer n -> integer(n);
      case Double n -> decimal(n);
      case Number n -> ascii(n.toString());
      case byte[] bytes -> string(Base64.getEncoder().encodeToString(bytes));
      default ->
          throw new IllegalArgumentException("not part of a tree: " + value.getClass().getName());
    }
  }

  private void object(Map<?, ?> map) {
    put('{');
    boolean first = true;
    for (Map.Entry<?, ?> e : map.entrySet()) {
      if (!first) {
        put(',');
      }
      first = false;
      string((String) e.getKey());
      put(':');
      value(e.getValue());
    }
    put('}');
  }

  private void array(List<?> list) {
    put('[');
    for (int i = 0; i < list.size(); i++) {
      if (i > 0) {
        put(',');
      }
      value(list.get(i));
    }
    put(']');
  }

  private void integer(long n) {
    if (n >= 0 && n < 10) {
      put((char) ('0' + n));
    } else {
      ascii(Long.toString(n));
    }
  }

  private void decimal(double d) {
    if (Double.isNaN(d) || Double.isInfinite(d)) {
      throw new IllegalArgumentException("json: unsupported value: " + d);
    }
    if (d == Math.rint(d) && Math.abs(d) < 1e15) {
      integer((long) d);
      return;
    }
    double magnitude = Math.abs(d);
    BigDecimal exact = new BigDecimal(Double.toString(d)).stripTrailingZeros();
    if (magnitude >= 1e-6 && magnitude < 1e21) {
      ascii(exact.toPlainString());
      return;
    }
    String digits = exact.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - exact.scale();
    StringBuilder text = new StringBuilder(d < 0 ? "-" : "").append(digits.charAt(0));
    if (digits.length() > 1) {
      text.append('.').append(digits, 1, digits.length());
    }
    text.append('e').append(exponent < 0 ? '-' : '+');
    if (Math.abs(exponent) < 10 && exponent > 0) {
      text.append('0');
    }
    ascii(text.append(Math.abs(exponent)).toString());
  }

  @SuppressWarnings("deprecation") // the cheap copy is right here: the text is ASCII
  private void ascii(String text) {
    int length = text.length();
    ensure(length);
    text.getBytes(0, length, out, size);
    size += length;
  }

  private void raw(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, out, size, bytes.length);
    size += bytes.length;
  }

  private void put(char c) {
    ensure(1);
    out[size++] = (byte) c;
  }

  private void ensure(int more) {
    if (size + more > out.length) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, size + more));
    }
  }

  private void string(String s) {
    int length = s.length();
    ensure(length * 3 + 2);
    out[size++] = '"';
    for (int i = 0; i < length; i++) {
      char c = s.charAt(i);
      if (c < 0x80) {
        if (c >= ' ' && c != '"' && c != '\\') {
          out[size++] = (byte) c;
        } else {
          escape(c, length - i);
        }
      } else if (c < 0x800) {
        out[size++] = (byte) (0xc0 | c >> 6);
        out[size++] = (byte) (0x80 | c & 0x3f);
      } else if (Character.isSurrogate(c)) {
        i += surrogate(s, i);
      } else {
        threeBytes(c);
      }
    }
    out[size++] = '"';
  }

  private void threeBytes(char c) {
    out[size++] = (byte) (0xe0 | c >> 12);
    out[size++] = (byte) (0x80 | c >> 6 & 0x3f);
    out[size++] = (byte) (0x80 | c & 0x3f);
  }

  private int surrogate(String s, int i) {
    int code = s.codePointAt(i);
    if (code < 0x10000) {
      threeBytes('\uFFFD');
      return 0;
    }
    out[size++] = (byte) (0xf0 | code >> 18);
    out[size++] = (byte) (0x80 | code >> 12 & 0x3f);
    out[size++] = (byte) (0x80 | code >> 6 & 0x3f);
    out[size++] = (byte) (0x80 | code & 0x3f);
    return 1;
  }

  private void escape(char c, int remaining) {
    ensure(remaining * 3 + 8);
    out[size++] = '\\';
    switch (c) {
      case '"', '\\' -> out[size++] = (byte) c;
      case '\n' -> out[size++] = 'n';
      case '\r' -> out[size++] = 'r';
      case '\t' -> out[size++] = 't';
      case '\b' -> out[size++] = 'b';
      case '\f' -> out[size++] = 'f';
      default -> {
        out[size++] = 'u';
        out[size++] = '0';
        out[size++] = '0';
        out[size++] = HEX[c >> 4];
        out[size++] = HEX[c & 0xf];
      }
    }
  }
}
