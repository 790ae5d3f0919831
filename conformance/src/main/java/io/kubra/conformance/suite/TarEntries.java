package io.kubra.conformance.suite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The files of a tar archive, one after the other, as far as reports need them: names in the header
 * of POSIX ustar and in GNU's and pax' extra entries. For one thread.
 */
final class TarEntries {
  private static final int BLOCK = 512;
  private static final int LONGEST_NAME = 1 << 16;

  private final InputStream in;
  private long left;
  private long padding;

  TarEntries(InputStream in) {
    this.in = in;
  }

  /** The name of the next file; empty at the end. */
  String next() throws IOException {
    String given = "";
    while (true) {
      in.skipNBytes(left + padding);
      left = 0;
      padding = 0;
      byte[] header = in.readNBytes(BLOCK);
      if (header.length < BLOCK || header[0] == 0) {
        return "";
      }
      left = size(header);
      padding = (BLOCK - left % BLOCK) % BLOCK;
      switch (header[156]) {
        case 'L' -> given = text(extra(), 0, LONGEST_NAME);
        case 'x' -> given = path(new String(extra(), StandardCharsets.UTF_8), given);
        case 0, '0' -> {
          String prefix = text(header, 345, 155);
          String name = text(header, 0, 100);
          return !given.isEmpty() ? given : prefix.isEmpty() ? name : prefix + "/" + name;
        }
        default -> given = "";
      }
    }
  }

  private byte[] extra() throws IOException {
    if (left > LONGEST_NAME) {
      throw new IOException("it is not a tar archive: a header of " + left + " bytes");
    }
    byte[] bytes = in.readNBytes((int) left);
    left = 0;
    return bytes;
  }

  /** The path in the records of a pax header, each {@code LENGTH KEY=VALUE}. */
  private static String path(String records, String def) {
    return records
        .lines()
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .filter(line -> line.startsWith("path="))
        .map(line -> line.substring("path=".length()))
        .findFirst()
        .orElse(def);
  }

  private static long size(byte[] header) throws IOException {
    String octal = text(header, 124, 12).strip();
    try {
      return octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
    } catch (NumberFormatException e) {
      throw new IOException("it is not a tar archive: a file of size \"" + octal + '"', e);
    }
  }

  private static String text(byte[] bytes, int from, int longest) {
    int end = from;
    while (end < bytes.length && end < from + longest && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }

  /** The content of the file whose name was returned last. */
  InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        if (left == 0) {
          return -1;
        }
        int count = in.read(into, offset, (int) Math.min(length, left));
        if (count < 0) {
          throw new IOException("the archive ends in the middle of a file");
        }
        left -= count;
        return count;
      }
    };
  }
}
