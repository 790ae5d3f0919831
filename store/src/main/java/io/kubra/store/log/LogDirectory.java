package io.kubra.store.log;

import io.kubra.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The directory of a log, held by one process at a time, and the names of the files in it. */
final class LogDirectory implements AutoCloseable {
  static final String UNFINISHED = ".tmp";
  private static final String SEGMENT = "log-";
  private static final String SNAPSHOT = "snapshot-";

  private final Path path;
  private final FileChannel lockFile;

  private LogDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Makes the directory if need be and takes its lock.
   *
   * @throws StoreException when somebody else has it
   */
  static LogDirectory open(Path path) throws IOException {
    Files.createDirectories(path);
    closeToOthers(path);
    Path lock = path.resolve("lock");
    FileChannel channel =
        FileChannel.open(
            lock, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!locked(channel)) {
        throw new StoreException(
            "the store in " + path + " is in use by another process" + holder(lock));
      }
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
      channel.truncate(0).write(ByteBuffer.wrap(pid), 0);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    return new LogDirectory(path, channel);
  }

  /**
   * State holds what only the API server may show, so that other users of the host may not look.
   */
  private static void closeToOthers(Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String holder(Path lock) throws IOException {
    String pid = Files.readString(lock);
    return pid.isEmpty() ? "" : " (process " + pid + ")";
  }

  Path path() {
    return path;
  }

  Path segment(long number) {
    return path.resolve(SEGMENT + "%016x".formatted(number));
  }

  Path snapshot(long revision) {
    return path.resolve(SNAPSHOT + "%016x".formatted(revision));
  }

  Path spare() {
    return path.resolve("spare");
  }

  /** Segments by number. */
  NavigableMap<Long, Path> segments() throws IOException {
    return numbered(SEGMENT);
  }

  /** Snapshots by revision. */
  NavigableMap<Long, Path> snapshots() throws IOException {
    return numbered(SNAPSHOT);
  }

  void deleteUnfinished() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*" + UNFINISHED)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** Makes the names in the directory survive the machine. */
  void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  long usableBytes() throws IOException {
    return Files.getFileStore(path).getUsableSpace();
  }

  long fileBytes() throws IOException {
    long sum = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        sum += file.toFile().length();
      }
    }
    return sum;
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  private NavigableMap<Long, Path> numbered(String prefix) throws IOException {
    NavigableMap<Long, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, prefix + "*")) {
      for (Path file : files) {
        Long number = number(file.getFileName().toString().substring(prefix.length()));
        if (number != null) {
          found.put(number, file);
        }
      }
    }
    return found;
  }

  private static @Nullable Long number(String hex) {
    try {
      return hex.length() == 16 ? Long.parseLong(hex, 16) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
