package io.kubra.store.log;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a segment.
 *
 * @param number segments are numbered from 1 without gaps
 * @param previousRevision the last revision of the segment before
 * @param baseRevision the revision that this segment's first write follows; greater than {@code
 *     previousRevision} when revisions were skipped because some of them may have been lost
 * @param previousCrc the checksum of the last record of the segment before
 * @param boot which run of the machine wrote the segment
 */
record SegmentHeader(
    long number, long previousRevision, long baseRevision, int previousCrc, UUID boot) {

  static final int LENGTH = 64;
  private static final long MAGIC = 0x4b756272614c6f67L; // "KubraLog"
  private static final int FORMAT = 1;

  ByteBuffer encode() {
    ByteBuffer to = ByteBuffer.allocate(LENGTH);
    to.putLong(MAGIC).putInt(FORMAT).putInt(0);
    to.putLong(number).putLong(previousRevision).putLong(baseRevision).putInt(previousCrc);
    to.putLong(boot.getMostSignificantBits()).putLong(boot.getLeastSignificantBits());
    to.putInt(12, checksum(to));
    return to.position(0);
  }

  /** The header that the buffer begins with, or null when it is not intact. */
  static @Nullable SegmentHeader decode(ByteBuffer from) {
    if (from.limit() < LENGTH
        || from.getLong(0) != MAGIC
        || from.getInt(8) != FORMAT
        || from.getInt(12) != checksum(from)) {
      return null;
    }
    return new SegmentHeader(
        from.getLong(16),
        from.getLong(24),
        from.getLong(32),
        from.getInt(40),
        new UUID(from.getLong(44), from.getLong(52)));
  }

  private static int checksum(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.slice(16, LENGTH - 16));
    return (int) crc.getValue();
  }
}
