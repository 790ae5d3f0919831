package io.kubra.store.log;

import io.kubra.store.CorruptStoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads one segment from its start to the first byte that is not a record of the chain. */
final class SegmentReader {
  private final Path file;
  private final ByteBuffer bytes;
  private final @Nullable SegmentHeader header;
  private int crc;
  private int end;
  private @Nullable LogRecord last;

  private SegmentReader(Path file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes;
    this.header = SegmentHeader.decode(bytes);
    if (header != null) {
      this.end = SegmentHeader.LENGTH;
      this.crc = header.previousCrc();
    }
  }

  static SegmentReader open(Path file) throws IOException {
    return new SegmentReader(file, ByteBuffer.wrap(Files.readAllBytes(file)));
  }

  Path file() {
    return file;
  }

  /** The header, or null when it is not intact. */
  @Nullable SegmentHeader header() {
    return header;
  }

  /** The checksum of the last record read. */
  int crc() {
    return crc;
  }

  /** Where the records read so far end. */
  int end() {
    return end;
  }

  /** The last record read, or null when there was none. */
  @Nullable LogRecord last() {
    return last;
  }

  /** Hands over all records up to the first that is not intact or not of the chain. */
  void read(Consumer<LogRecord> to) {
    while (true) {
      RecordCodec.Decoded next = RecordCodec.decode(bytes, end);
      if (next == null || next.previousCrc() != crc) {
        return;
      }
      to.accept(next.record());
      last = next.record();
      crc = next.crc();
      end = next.end();
    }
  }

  /**
   * Tells a torn end from damage. A write that was cut off by a crash was never synced; a later
   * record that says that this place was on disk proves that it was, and that it is damaged.
   *
   * @throws CorruptStoreException when data is damaged that may have been acknowledged
   */
  void requireTorn() {
    int from = Math.max(end, SegmentHeader.LENGTH);
    int to = bytes.limit() - Long.BYTES;
    while (to > from && bytes.getLong(to) == 0) {
      to -= Long.BYTES;
    }
    for (int at = from; at < to; at++) {
      if (bytes.getInt(at) == 0) {
        continue;
      }
      RecordCodec.Decoded later = RecordCodec.decode(bytes, at);
      if (later != null && later.synced() > end && later.synced() <= at) {
        throw new CorruptStoreException(
            file, end, "a record is not intact although later ones are");
      }
    }
  }
}
