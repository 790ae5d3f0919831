package io.kubra.cli.server;

import io.kubra.cli.CliException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who a server is among those that share a store. The identity belongs to the data folder, which
 * one process at a time may use: so a server that starts again, even after it was killed, knows
 * that the lease it finds under its identity is its own, and leads at once.
 *
 * <p>A folder that was copied, to another machine or on the same one, is another identity.
 */
final class ServerIdentity implements AutoCloseable {
  private static final String FILE = "server.lock";
  private static final int LARGEST = 1024;

  private final FileChannel file;
  private final String identity;

  private ServerIdentity(FileChannel file, String identity) {
    this.file = file;
    this.identity = identity;
  }

  /**
   * Claims a data folder for this process, until it ends.
   *
   * @param name what the machine is called
   * @throws CliException if another process uses the folder
   */
  static ServerIdentity claim(Path dataDir, String name) {
    Path path = dataDir.resolve(FILE);
    try {
      Files.createDirectories(dataDir);
      FileChannel file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (lock(file) == null) {
        file.close();
        throw new CliException("another server uses " + dataDir);
      }
      return new ServerIdentity(file, name + "_" + id(file, path));
    } catch (IOException e) {
      throw new CliException("cannot lock " + path + ": " + e.getMessage());
    }
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static UUID id(FileChannel file, Path path) throws IOException {
    if (file.size() == 0) {
      byte[] fresh = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
      file.write(ByteBuffer.wrap(fresh), 0);
      file.force(true);
    }
    // Through this channel: to close any other of the same file would give up the lock.
    ByteBuffer content = ByteBuffer.allocate(LARGEST);
    file.read(content, 0);
    String own = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII);
    // A copy of the file has another inode or is on another machine.
    String text = own.strip() + Files.getAttribute(path, "unix:ino") + machineId();
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String machineId() {
    try {
      return Files.readString(Path.of("/etc/machine-id")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** The machine's name and what tells this server from others, as upstream writes it. */
  @Override
  public String toString() {
    return identity;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
