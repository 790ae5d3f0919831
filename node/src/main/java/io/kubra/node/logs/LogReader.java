package io.kubra.node.logs;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends a log file's lines to a reader, and what is appended to it as it comes, across rotations.
 * One thread uses it.
 */
public final class LogReader {
  private static final int BLOCK = 32 << 10;
  private static final int LONGEST_PAUSE_MILLIS = 250;

  private final Path file;
  private final LogQuery query;
  private final BooleanSupplier running;
  private final OutputStream out;
  private final byte[] block = new byte[BLOCK];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long left;
  private boolean inside;

  /**
   * A reader of a file.
   *
   * @param running whether the container still runs and may write more
   */
  public LogReader(Path file, LogQuery query, BooleanSupplier running, OutputStream out) {
    this.file = file;
    this.query = query;
    this.running = running;
    this.out = new BufferedOutputStream(out, BLOCK);
    this.left = query.limit() < 0 ? Long.MAX_VALUE : query.limit();
  }

  /** Sends everything that is asked for; returns at the end of the log or of the limit. */
  public void run() throws IOException {
    long start = query.tail() < 0 ? 0 : LogTail.offset(file, query.tail());
    RandomAccessFile in = new RandomAccessFile(file.toFile(), "r");
    try {
      in.seek(start);
      int pause = 0;
      while (left > 0) {
        // Asked before reading, so that the last words of a container that ends now are not lost.
        boolean more = query.follow() && running.getAsBoolean();
        if (copy(in)) {
          pause = 0;
          continue;
        }
        out.flush();
        RandomAccessFile next = rotated(in);
        if (next != null) {
          in.close();
          in = next;
          continue;
        }
        if (!more) {
          break;
        }
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause + 25);
        sleep(pause);
      }
      out.flush();
    } finally {
      in.close();
    }
  }

  private static void sleep(int millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  /** The file that took this one's place, or null. */
  private @Nullable RandomAccessFile rotated(RandomAccessFile in) throws IOException {
    if (!query.follow()) {
      return null;
    }
    try {
      // A file that is shorter than what was read of it is another one.
      if (Files.size(file) >= in.getFilePointer()) {
        return null;
      }
      return new RandomAccessFile(file.toFile(), "r");
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Reads one block and sends its lines; false at the end of the file. */
  private boolean copy(RandomAccessFile in) throws IOException {
    int length = in.read(block);
    if (length <= 0) {
      return false;
    }
    int from = 0;
    for (int i = 0; i < length && left > 0; i++) {
      if (block[i] != '\n') {
        continue;
      }
      if (line.size() == 0) {
        send(Arrays.copyOfRange(block, from, i + 1));
      } else {
        line.write(block, from, i + 1 - from);
        send(line.toByteArray());
        line.reset();
      }
      from = i + 1;
    }
    line.write(block, from, length - from);
    return true;
  }

  private void send(byte[] raw) throws IOException {
    LogLine parsed = LogLine.parse(raw, raw.length);
    if (parsed == null
        || (parsed.stdout() ? !query.stdout() : !query.stderr())
        || (query.since() != null && parsed.instant().isBefore(query.since()))) {
      return;
    }
    if (query.timestamps() && !inside) {
      write((parsed.time() + " ").getBytes(StandardCharsets.US_ASCII));
    }
    inside = parsed.partial();
    write(parsed.content());
  }

  private void write(byte[] bytes) throws IOException {
    int length = (int) Math.min(bytes.length, left);
    out.write(bytes, 0, length);
    left -= length;
  }
}
