package io.kubra.apiserver.encoding;

import java.io.ByteArrayOutputStream;

/** Indents compact JSON by two spaces, as people want to read it. */
final class PrettyJson {
  private PrettyJson() {}

  static byte[] format(byte[] json) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length * 2);
    int depth = 0;
    boolean text = false;
    for (int i = 0; i < json.length; i++) {
      byte b = json[i];
      if (text) {
        out.write(b);
        if (b == '\\') {
          out.write(json[++i]);
        } else if (b == '"') {
          text = false;
        }
        continue;
      }
      switch (b) {
        case '"' -> {
          text = true;
          out.write(b);
        }
        case '{', '[' -> {
          out.write(b);
          int next = i + 1;
          if (next < json.length && (json[next] == '}' || json[next] == ']')) {
            out.write(json[next]);
            i = next;
          } else {
            newLine(out, ++depth);
          }
        }
        case '}', ']' -> {
          newLine(out, --depth);
          out.write(b);
        }
        case ',' -> {
          out.write(b);
          newLine(out, depth);
        }
        case ':' -> {
          out.write(b);
          out.write(' ');
        }
        case '\n', ' ' -> {}
        default -> out.write(b);
      }
    }
    out.write('\n');
    return out.toByteArray();
  }

  private static void newLine(ByteArrayOutputStream out, int depth) {
    out.write('\n');
    for (int i = 0; i < depth; i++) {
      out.write(' ');
      out.write(' ');
    }
  }
}
