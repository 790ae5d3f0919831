package io.kubra.cli.process;

import io.kubra.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A log that a process appends to without knowing of rotation. When it has grown large, its
 * beginning moves to a file beside it, {@code NAME.1}, and what was there before to {@code NAME.2}
 * and so on. The process goes on writing to the same file, so that no copying process is needed,
 * and nothing it writes meanwhile is lost: the file system takes the beginning out of the file as
 * one operation. Files are cut at block boundaries; together, oldest first, they are the log.
 *
 * @param file the file that the process writes to, opened for appending
 * @param limit the size in bytes from which on it is rotated
 * @param files how many files are kept, that one included
 */
public record RotatedLog(Path file, long limit, int files) {
  /** The limits of the cluster's own processes: those of containers. */
  public static final long LIMIT = 10L << 20;

  private static final int FILES = 5;
  private static final int BLOCK = 4096;

  /** The log at a file, with the limits of the cluster's own processes. */
  public static RotatedLog of(Path file) {
    return new RotatedLog(file, LIMIT, FILES);
  }

  /** All files of the log that exist, the oldest first. */
  public List<Path> parts() {
    List<Path> parts = new ArrayList<>();
    for (int i = files - 1; i > 0; i--) {
      if (Files.exists(part(i))) {
        parts.add(part(i));
      }
    }
    if (Files.exists(file)) {
      parts.add(file);
    }
    return parts;
  }

  /** The file that holds what came before the current one. */
  public Path previous() {
    return part(1);
  }

  private Path part(int index) {
    return file.resolveSibling(file.getFileName() + "." + index);
  }

  private Path copy() {
    return file.resolveSibling(file.getFileName() + ".rotating");
  }

  /**
   * Rotates the log if it is large enough. One process at a time may do so.
   *
   * @return whether it did
   */
  public boolean rotateIfLarge() throws IOException {
    finishInterrupted();
    long size = Files.exists(file) ? Files.size(file) : 0;
    if (size < limit) {
      return false;
    }
    // The range that is taken out may not reach the end of the file.
    long length = (size - 1) / BLOCK * BLOCK;
    copy(0, length);
    Run.Result cut =
        Run.attempt(
            List.of(
                "fallocate",
                "--collapse-range",
                "--offset",
                "0",
                "--length",
                Long.toString(length),
                file.toString()),
            "");
    if (!cut.ok()) {
      truncate(length);
    }
    shift();
    return true;
  }

  /** A rotation that was interrupted is undone if the beginning is still there, else completed. */
  private void finishInterrupted() throws IOException {
    if (!Files.exists(copy())) {
      return;
    }
    // A full disk may have left less than a block, or nothing: that is no beginning to be kept.
    byte[] copied = firstBlock(copy());
    byte[] there = Files.exists(file) ? firstBlock(file) : new byte[0];
    if (copied.length <= there.length
        && Arrays.equals(copied, Arrays.copyOf(there, copied.length))) {
      Files.delete(copy());
    } else {
      shift();
    }
  }

  private static byte[] firstBlock(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(BLOCK);
    }
  }

  private void shift() throws IOException {
    for (int i = files - 1; i > 1; i--) {
      if (Files.exists(part(i - 1))) {
        Files.move(part(i - 1), part(i), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.move(copy(), part(1), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Where the file system cannot take out a beginning: all is copied, until nothing comes any more,
   * and the file emptied at once. What is written in that instant is lost.
   */
  private void truncate(long copied) throws IOException {
    long done = copied;
    for (long size = Files.size(file); done < size; size = Files.size(file)) {
      copy(done, size);
      done = size;
    }
    try (FileChannel log = FileChannel.open(file, StandardOpenOption.WRITE)) {
      log.truncate(0);
    }
  }

  private void copy(long from, long to) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(
                copy(),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND)) {
      long at = from;
      while (at < to) {
        long moved = in.transferTo(at, to - at, out);
        if (moved <= 0) {
          throw new CliException(file + " became shorter while it was rotated");
        }
        at += moved;
      }
    }
  }

  /** Removes all files of the log. */
  public void delete() throws IOException {
    for (Path part : parts()) {
      Files.deleteIfExists(part);
    }
    Files.deleteIfExists(copy());
  }
}
