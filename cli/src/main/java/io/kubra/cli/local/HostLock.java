package io.kubra.cli.local;

import io.kubra.cli.CliException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Keeps other {@code kubra} processes of this host from choosing the same networks and ports. Its
 * file is deleted by whoever holds it last, so whoever waited for a deleted one tries again.
 */
final class HostLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private HostLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Waits for the lock.
   *
   * @throws CliException if the file cannot be written
   */
  static HostLock take(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      while (true) {
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
          // Held until the channel closes.
          var unused = channel.lock();
          String mark = UUID.randomUUID().toString();
          channel.truncate(0);
          channel.write(ByteBuffer.wrap(mark.getBytes(StandardCharsets.US_ASCII)));
          if (mark.equals(content(file))) {
            return new HostLock(file, channel);
          }
          channel.close();
        } catch (IOException e) {
          channel.close();
          throw e;
        }
      }
    } catch (IOException e) {
      throw new CliException("cannot lock " + file + ": " + e.getMessage());
    }
  }

  private static String content(Path file) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new CliException("cannot unlock " + file + ": " + e.getMessage());
    }
  }
}
