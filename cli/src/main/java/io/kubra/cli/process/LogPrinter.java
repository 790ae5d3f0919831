package io.kubra.cli.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints a log that may be rotated while it is read: every byte once, in order. */
public final class LogPrinter {
  private static final int BLOCK = 64 * 1024;
  private static final int POLL_MILLIS = 200;

  private final RotatedLog log;
  private final OutputStream out;
  private final byte[] block = new byte[BLOCK];
  // Of the file before the current one, by which a rotation is noticed.
  private @Nullable Object previous;
  private long position;

  /** A printer of a log. */
  public LogPrinter(RotatedLog log, OutputStream out) {
    this.log = log;
    this.out = out;
  }

  /**
   * Prints what there is.
   *
   * @param lines only the last lines; all if negative
   */
  public void print(int lines) throws IOException {
    previous = identity();
    List<Path> parts = log.parts();
    int first = 0;
    long from = 0;
    if (lines >= 0) {
      int left = lines;
      for (first = parts.size() - 1; first >= 0; first--) {
        Last last = last(parts.get(first), left, first == parts.size() - 1);
        from = last.start;
        left -= last.lines;
        if (left <= 0 || first == 0) {
          break;
        }
      }
      first = Math.max(0, first);
    }
    for (int i = first; i < parts.size(); i++) {
      long end = copy(parts.get(i), i == first ? from : 0);
      if (parts.get(i).equals(log.file())) {
        position = end;
      }
    }
    out.flush();
  }

  /** Goes on printing what is added, until the thread is interrupted. */
  public void follow() throws IOException, InterruptedException {
    while (true) {
      step();
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Prints what was added since the last time. */
  void step() throws IOException {
    Object now = identity();
    if (now != null && !now.equals(previous)) {
      // What was at this position is now in the file before, as far as it is that long.
      long moved = Files.size(log.previous());
      if (position < moved) {
        copy(log.previous(), position);
      }
      position = Math.max(0, position - moved);
      previous = now;
    }
    if (Files.exists(log.file())) {
      position = copy(log.file(), position);
    }
    out.flush();
  }

  private @Nullable Object identity() throws IOException {
    return Files.exists(log.previous())
        ? Files.readAttributes(log.previous(), BasicFileAttributes.class).fileKey()
        : null;
  }

  private long copy(Path file, long from) throws IOException {
    long at = from;
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      if (at > in.length()) {
        return at;
      }
      in.seek(at);
      for (int count = in.read(block); count > 0; count = in.read(block)) {
        out.write(block, 0, count);
        at += count;
      }
    }
    return at;
  }

  /** Where the last lines of a file begin, and how many of them it has. */
  private record Last(long start, int lines) {}

  /**
   * Looks for the last lines of a file.
   *
   * @param newest whether the file's end is the log's, so that a line break there ends a line
   */
  private Last last(Path file, int wanted, boolean newest) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long length = in.length();
      if (wanted == 0) {
        return new Last(length, 0);
      }
      int lines = 0;
      long position = length;
      while (position > 0) {
        int size = (int) Math.min(BLOCK, position);
        in.seek(position - size);
        in.readFully(block, 0, size);
        for (int i = size - 1; i >= 0; i--) {
          boolean lastByte = newest && position - size + i == length - 1;
          if (block[i] == '\n' && !lastByte && ++lines == wanted) {
            return new Last(position - size + i + 1, lines);
          }
        }
        position -= size;
      }
      return new Last(0, lines);
    }
  }
}
