package io.kubra.store.log;

import io.kubra.store.CorruptStoreException;
import io.kubra.store.Entry;
import io.kubra.store.image.EntryTree;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * All entries at one revision, as a file that is either whole or not there:
 *
 * <pre>
 * long magic, int format, long revision, long first segment, int checksum before it, long count
 * per entry: int key length, key, int value length, value, long create, mod revision, version
 * int CRC32C of all before
 * </pre>
 *
 * @param revision the last revision that is in it
 * @param firstSegment the number of the segment that goes on from there
 * @param previousCrc the checksum of the last log record before that segment
 */
record Snapshot(EntryTree tree, long revision, long firstSegment, int previousCrc) {
  private static final long MAGIC = 0x4b756272536e6170L; // "KubrSnap"
  private static final int FORMAT = 1;
  private static final int BUFFER = 1 << 20;

  /** Writes the file, returns its size; on failure no trace is left. */
  long write(LogDirectory directory) throws IOException {
    Path file = directory.snapshot(revision);
    Path unfinished = file.resolveSibling(file.getFileName() + LogDirectory.UNFINISHED);
    try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
      CRC32C crc = new CRC32C();
      DataOutputStream data =
          new DataOutputStream(new CheckedOutputStream(new BufferedOutputStream(out, BUFFER), crc));
      data.writeLong(MAGIC);
      data.writeInt(FORMAT);
      data.writeLong(revision);
      data.writeLong(firstSegment);
      data.writeInt(previousCrc);
      data.writeLong(tree.size());
      tree.forEach(entry -> write(entry, data));
      data.writeInt((int) crc.getValue());
      data.flush();
      out.getChannel().force(false);
    } catch (UncheckedIOException e) {
      Files.deleteIfExists(unfinished);
      throw e.getCause();
    } catch (IOException e) {
      Files.deleteIfExists(unfinished);
      throw e;
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    directory.sync();
    return Files.size(file);
  }

  private static void write(Entry entry, DataOutputStream data) {
    try {
      byte[] key = entry.key().getBytes(StandardCharsets.UTF_8);
      data.writeInt(key.length);
      data.write(key);
      data.writeInt(entry.value().length);
      data.write(entry.value());
      data.writeLong(entry.createRevision());
      data.writeLong(entry.modRevision());
      data.writeLong(entry.version());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file back.
   *
   * @throws CorruptStoreException when it is not what was written
   */
  static Snapshot read(Path file) throws IOException {
    long size = Files.size(file);
    CRC32C crc = new CRC32C();
    try (DataInputStream data =
        new DataInputStream(
            new CheckedInputStream(
                new BufferedInputStream(Files.newInputStream(file), BUFFER), crc))) {
      if (data.readLong() != MAGIC || data.readInt() != FORMAT) {
        throw new CorruptStoreException(file, 0, "not a snapshot of this format");
      }
      long revision = data.readLong();
      long firstSegment = data.readLong();
      int previousCrc = data.readInt();
      long count = data.readLong();
      List<Entry> entries = new ArrayList<>();
      for (long i = 0; i < count; i++) {
        byte[] key = bytes(data, size, file);
        byte[] value = bytes(data, size, file);
        entries.add(
            new Entry(
                new String(key, StandardCharsets.UTF_8),
                value,
                data.readLong(),
                data.readLong(),
                data.readLong()));
      }
      int sum = (int) crc.getValue();
      if (data.readInt() != sum || data.read() >= 0) {
        throw new CorruptStoreException(file, size - 4, "the checksum does not match");
      }
      return new Snapshot(EntryTree.ofSorted(entries), revision, firstSegment, previousCrc);
    } catch (EOFException e) {
      throw new CorruptStoreException(file, size, "the file ends too early");
    }
  }

  private static byte[] bytes(DataInputStream data, long size, Path file) throws IOException {
    int length = data.readInt();
    if (length < 0 || length > size) {
      throw new CorruptStoreException(file, 0, "a length in it is impossible");
    }
    byte[] bytes = new byte[length];
    data.readFully(bytes);
    return bytes;
  }
}
