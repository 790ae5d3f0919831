package io.kubra.store.log;

import io.kubra.store.CorruptStoreException;
import io.kubra.store.StoreException;
import io.kubra.store.StoreFullException;
import io.kubra.store.image.Image;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log in a directory. See the package for files and threads, {@link RecordCodec} for bytes. */
public final class FileJournal implements Journal {
  private static final Logger log = LoggerFactory.getLogger(FileJournal.class);
  private static final int BUFFER = 256 << 10;

  /** Restarts leave short segments; so many of them are as good a reason for a snapshot. */
  private static final long MAX_SEGMENTS = 64;

  private final LogDirectory directory;
  private final LogConfig config;
  private final Spares spares;
  private final AtomicBoolean snapshotting = new AtomicBoolean();
  private final ExecutorService background =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().name("kubra-store-files").daemon().factory());
  private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private Segment segment;
  private SegmentHeader header;
  private int crc;
  private long revision;
  private @Nullable StoreException broken;
  private long logBytes;
  private boolean preparing;
  private volatile long snapshotBytes;
  private volatile long oldestSegment;

  private FileJournal(LogDirectory directory, LogConfig config, Recovery.Recovered recovered)
      throws IOException {
    this.directory = directory;
    this.config = config;
    this.spares = new Spares(directory, config, background);
    this.header = recovered.header();
    this.crc = header.previousCrc();
    this.revision = recovered.image().revision();
    this.snapshotBytes = recovered.snapshotBytes();
    this.logBytes = recovered.logBytes();
    var segments = directory.segments();
    this.oldestSegment = segments.isEmpty() ? header.number() : segments.firstKey();
    try {
      this.segment = begin(header, SegmentHeader.LENGTH, 0);
      // who died before this was on disk has acknowledged nothing in this segment
      segment.sync();
    } catch (IOException | RuntimeException e) {
      background.shutdownNow();
      throw e;
    }
  }

  /** A journal and the state that it holds. */
  public record Opened(Journal journal, Image image) {}

  /**
   * Takes the directory, recovers what is in it and begins a new segment.
   *
   * @throws CorruptStoreException when acknowledged data is damaged
   * @throws StoreFullException when there is no space to go on
   * @throws StoreException when the directory is in use or cannot be read or written
   */
  public static Opened open(LogConfig config, Instant now) {
    try {
      LogDirectory directory = LogDirectory.open(config.directory());
      try {
        Recovery.Recovered recovered = Recovery.recover(directory, BootId.current(), now);
        return new Opened(new FileJournal(directory, config, recovered), recovered.image());
      } catch (IOException | RuntimeException e) {
        directory.close();
        throw e;
      }
    } catch (IOException e) {
      String what = "the store in " + config.directory() + " cannot be opened: " + e.getMessage();
      throw isFull(e) ? new StoreFullException(what, e) : new StoreException(what, e);
    }
  }

  @Override
  public void append(List<LogRecord> records) {
    requireSound();
    long bound = records.stream().mapToLong(RecordCodec::sizeBound).sum();
    try {
      if (bound > segment.remaining()) {
        roll(bound);
      }
      int last = encode(records, bound);
      int written = buffer.remaining();
      segment.write(buffer);
      crc = last;
      revision = Math.max(revision, records.getLast().revision());
      logBytes += written;
      if (!preparing) {
        preparing = true;
        spares.prepare();
      }
    } catch (IOException e) {
      throw refusal(e);
    }
  }

  private int encode(List<LogRecord> records, long bound) {
    if (bound > buffer.capacity()) {
      buffer = ByteBuffer.allocateDirect(Math.toIntExact(bound));
    } else if (buffer.capacity() > BUFFER && bound <= BUFFER) {
      buffer = ByteBuffer.allocateDirect(BUFFER);
    }
    buffer.clear();
    int chain = crc;
    for (LogRecord record : records) {
      chain = RecordCodec.encode(record, chain, (int) segment.synced(), buffer);
    }
    buffer.flip();
    return chain;
  }

  @Override
  public void sync() {
    requireSound();
    try {
      segment.sync();
    } catch (IOException e) {
      broken =
          new StoreException(
              "the store's log could not be forced to disk; it takes no more writes until it is"
                  + " opened again: "
                  + e.getMessage(),
              e);
      throw broken;
    }
  }

  @Override
  public boolean unsynced() {
    return broken == null && segment.unsynced();
  }

  @Override
  public void published(Image image) {
    boolean grown = logBytes > Math.max(config.snapshotAfterBytes(), snapshotBytes);
    boolean scattered = header.number() - oldestSegment > MAX_SEGMENTS;
    if ((grown || scattered) && broken == null && snapshotting.compareAndSet(false, true)) {
      snapshot(image);
    }
  }

  /** Begins a new segment, so that a snapshot makes all before it worthless. */
  private void snapshot(Image image) {
    try {
      roll(0);
    } catch (IOException | StoreException e) {
      log.warn("no snapshot for now: {}", e.getMessage());
      logBytes = 0;
      snapshotting.set(false);
      return;
    }
    logBytes = 0;
    Snapshot snapshot =
        new Snapshot(image.tree(), image.revision(), header.number(), header.previousCrc());
    background.execute(
        () -> {
          try {
            write(snapshot);
          } finally {
            snapshotting.set(false);
          }
        });
  }

  private void write(Snapshot snapshot) {
    try {
      snapshotBytes = snapshot.write(directory);
      Recovery.deleteObsolete(directory, snapshot);
      oldestSegment = snapshot.firstSegment();
    } catch (IOException e) {
      // the segments stay, so nothing is lost; the next one may find space
      log.warn(
          "the snapshot of revision {} was not written: {}", snapshot.revision(), e.toString());
    }
  }

  private void roll(long bytes) throws IOException {
    SegmentHeader next =
        new SegmentHeader(header.number() + 1, revision, revision, crc, header.boot());
    // all of a segment must be on disk before anything of the next can be
    sync();
    Segment begun = begin(next, SegmentHeader.LENGTH + bytes, config.reserveBytes());
    segment.close();
    segment = begun;
    header = next;
    preparing = false;
  }

  private Segment begin(SegmentHeader next, long bytes, long reserve) throws IOException {
    Path file = directory.segment(next.number());
    spares.take(bytes, reserve, file);
    Segment begun = null;
    try {
      begun = Segment.begin(file, next);
      directory.sync();
      return begun;
    } catch (IOException e) {
      if (begun != null) {
        begun.close();
      }
      // the segment before may go on, and must not be followed by a header that contradicts it
      Files.deleteIfExists(file);
      throw e;
    }
  }

  @Override
  public long diskBytes() {
    try {
      return directory.fileBytes();
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    try {
      if (broken == null) {
        append(List.of(new LogRecord.Closed(revision)));
        sync();
        segment.truncate();
      }
    } catch (IOException | StoreException e) {
      log.warn("the log has no good end: {}", e.getMessage());
    } finally {
      release();
    }
  }

  private void release() {
    background.shutdown();
    try {
      if (!background.awaitTermination(1, TimeUnit.MINUTES)) {
        log.warn("a snapshot is still being written");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      segment.close();
      directory.close();
    } catch (IOException e) {
      log.warn("the log was not released: {}", e.getMessage());
    }
  }

  private void requireSound() {
    if (broken != null) {
      throw broken;
    }
  }

  /** Takes back what was half written and says why it could not be. */
  private StoreException refusal(IOException e) {
    try {
      segment.clean();
    } catch (IOException again) {
      e.addSuppressed(again);
    }
    return isFull(e)
        ? new StoreFullException("no space left for the store in " + directory.path(), e)
        : new StoreException("the store's log could not be written: " + e.getMessage(), e);
  }

  private static boolean isFull(IOException e) {
    // the only thing that the JDK passes on of ENOSPC and EDQUOT is the system's text
    String text = String.valueOf(e.getMessage());
    return text.contains("No space left") || text.contains("quota exceeded");
  }
}
