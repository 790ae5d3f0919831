package io.kubra.store.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A segment that is being written: zeros ahead of a position.
 *
 * <p>When a write fails halfway, the bytes it left are overwritten with zeros before anything else
 * is written, so that nothing of it can come back.
 */
final class Segment implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final long capacity;
  private long position;
  private long synced;
  private long soiled;

  private Segment(Path path, FileChannel channel, long capacity) {
    this.path = path;
    this.channel = channel;
    this.capacity = capacity;
  }

  /** Opens a preallocated file and writes its header. */
  static Segment begin(Path path, SegmentHeader header) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
    try {
      Segment segment = new Segment(path, channel, channel.size());
      segment.write(header.encode());
      return segment;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  Path path() {
    return path;
  }

  long remaining() {
    return capacity - position;
  }

  /** Up to where the file is known to be on disk. */
  long synced() {
    return synced;
  }

  boolean unsynced() {
    return synced < position;
  }

  /** Writes all of the buffer at the position, or moves nothing. */
  void write(ByteBuffer bytes) throws IOException {
    clean();
    long end = position + bytes.remaining();
    soiled = end;
    writeAt(bytes, position);
    position = end;
    soiled = 0;
  }

  /** Clears what a failed write left. */
  void clean() throws IOException {
    if (soiled > position) {
      writeAt(ByteBuffer.allocate((int) (soiled - position)), position);
    }
    soiled = 0;
  }

  void sync() throws IOException {
    long to = position;
    channel.force(false);
    synced = to;
  }

  /** Gives the space ahead back; the segment takes no more writes. */
  void truncate() throws IOException {
    channel.truncate(position);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void writeAt(ByteBuffer bytes, long at) throws IOException {
    long to = at;
    while (bytes.hasRemaining()) {
      to += channel.write(bytes, to);
    }
  }
}
