package io.kubra.node.logs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** Finds where the last lines of a file begin, reading no more of it than needed. */
final class LogTail {
  private static final int BLOCK = 64 << 10;

  private LogTail() {}

  /** The offset of the last {@code lines} lines; 0 if the file has fewer. */
  static long offset(Path file, long lines) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long size = in.length();
      if (lines <= 0) {
        return size;
      }
      byte[] block = new byte[BLOCK];
      long end = size;
      long seen = 0;
      while (end > 0) {
        int length = (int) Math.min(BLOCK, end);
        in.seek(end - length);
        in.readFully(block, 0, length);
        for (int i = length - 1; i >= 0; i--) {
          // The file's last line end closes its last line and does not begin another.
          if (block[i] == '\n' && end - length + i != size - 1 && ++seen == lines) {
            return end - length + i + 1;
          }
        }
        end -= length;
      }
      return 0;
    }
  }
}
