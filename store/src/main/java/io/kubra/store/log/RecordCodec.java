package io.kubra.store.log;

import io.kubra.store.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Records as bytes, all numbers big-endian:
 *
 * <pre>
 * int  length of what follows the checksum; 0 where the log ends
 * int  CRC32C of the length and of what follows
 * int  checksum of the record before: records of an abandoned attempt do not fit the chain
 * int  offset up to which the segment was on disk when this was written
 * long revision
 * byte kind
 * Put: long createRevision, long version, int key length, key, value
 * Delete: key
 * </pre>
 */
final class RecordCodec {
  /** Bytes of a record before its kind's own. */
  static final int PREFIX = 8 + 17;

  private static final int PUT_PREFIX = 20;
  private static final byte PUT = 1;
  private static final byte DELETE = 2;
  private static final byte COMPACT = 3;
  private static final byte CLOSED = 4;

  /** A record read back, with where it ends and what it says of the log. */
  record Decoded(LogRecord record, int end, int crc, int previousCrc, int synced) {}

  private RecordCodec() {}

  /** At least as many bytes as the record takes. */
  static long sizeBound(LogRecord record) {
    return switch (record) {
      case LogRecord.Put(Entry entry) ->
          PREFIX + PUT_PREFIX + 3L * entry.key().length() + entry.value().length;
      case LogRecord.Delete(String key, long revision) -> PREFIX + 3L * key.length();
      case LogRecord.Compact compact -> PREFIX;
      case LogRecord.Closed closed -> PREFIX;
    };
  }

  /** Writes a record at the buffer's position and returns its checksum. */
  static int encode(LogRecord record, int previousCrc, int synced, ByteBuffer to) {
    int start = to.position();
    to.position(start + 8);
    to.putInt(previousCrc).putInt(synced).putLong(record.revision());
    switch (record) {
      case LogRecord.Put(Entry entry) -> {
        byte[] key = entry.key().getBytes(StandardCharsets.UTF_8);
        to.put(PUT).putLong(entry.createRevision()).putLong(entry.version());
        to.putInt(key.length).put(key).put(entry.value());
      }
      case LogRecord.Delete(String key, long revision) ->
          to.put(DELETE).put(key.getBytes(StandardCharsets.UTF_8));
      case LogRecord.Compact compact -> to.put(COMPACT);
      case LogRecord.Closed closed -> to.put(CLOSED);
    }
    int end = to.position();
    to.putInt(start, end - start - 8);
    int crc = checksum(to, start, end);
    to.putInt(start + 4, crc);
    return crc;
  }

  /** The intact record at an offset, or null when there is none. Knows nothing of the chain. */
  static @Nullable Decoded decode(ByteBuffer from, int start) {
    if (from.limit() - start < PREFIX) {
      return null;
    }
    int length = from.getInt(start);
    if (length < PREFIX - 8 || length > from.limit() - start - 8) {
      return null;
    }
    byte kind = from.get(start + PREFIX - 1);
    int end = start + 8 + length;
    if (kind < PUT || kind > CLOSED || from.getInt(start + 4) != checksum(from, start, end)) {
      return null;
    }
    LogRecord record = body(kind, from.getLong(start + 16), from, start + PREFIX, end);
    return record == null
        ? null
        : new Decoded(
            record, end, from.getInt(start + 4), from.getInt(start + 8), from.getInt(start + 12));
  }

  private static @Nullable LogRecord body(
      byte kind, long revision, ByteBuffer from, int at, int end) {
    return switch (kind) {
      case PUT -> {
        int key = end - at < PUT_PREFIX ? -1 : from.getInt(at + 16);
        if (key < 0 || key > end - at - PUT_PREFIX) {
          yield null;
        }
        int value = at + PUT_PREFIX + key;
        yield new LogRecord.Put(
            new Entry(
                text(from, at + PUT_PREFIX, value),
                bytes(from, value, end),
                from.getLong(at),
                revision,
                from.getLong(at + 8)));
      }
      case DELETE -> new LogRecord.Delete(text(from, at, end), revision);
      case COMPACT -> new LogRecord.Compact(revision);
      default -> new LogRecord.Closed(revision);
    };
  }

  private static String text(ByteBuffer from, int start, int end) {
    return new String(bytes(from, start, end), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer from, int start, int end) {
    byte[] bytes = new byte[end - start];
    from.get(start, bytes);
    return bytes;
  }

  private static int checksum(ByteBuffer buffer, int start, int end) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(start, 4));
    crc.update(buffer.slice(start + 8, end - start - 8));
    return (int) crc.getValue();
  }
}
