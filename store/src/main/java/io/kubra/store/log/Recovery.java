package io.kubra.store.log;

import io.kubra.store.CorruptStoreException;
import io.kubra.store.Entry;
import io.kubra.store.FutureRevisionException;
import io.kubra.store.StoreEvent;
import io.kubra.store.image.Image;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds the image from a directory: the newest whole snapshot, then the segments from there on.
 *
 * <p>The last segment may end in the middle of a write; that tail was never acknowledged and is cut
 * off. Damage anywhere else is refused. When the machine went down without the store having been
 * closed, buffered writes that readers have seen may be missing; their revisions must not be used
 * again for something else, so recovery skips many and forgets the history, which makes all
 * watchers start afresh.
 */
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  /** Far more than buffered writes can be outstanding. */
  static final long SKIPPED = 1_000_000;

  private final LogDirectory directory;
  private final Instant now;
  private Image image;
  private @Nullable Snapshot loaded;
  private int crc;
  private long nextSegment = 1;
  private long snapshotBytes;
  private long logBytes;
  private boolean closedWell = true;
  private @Nullable UUID boot;
  private @Nullable Path lastFile;
  private int lastEnd;

  private Recovery(LogDirectory directory, Instant now) {
    this.directory = directory;
    this.now = now;
    this.image = Image.empty(now);
  }

  /**
   * What was found.
   *
   * @param image the state, whose revision the next write follows
   * @param header the header of the segment to go on with
   * @param snapshotBytes the size of the snapshot; 0 when there is none
   * @param logBytes how much of the log comes after the snapshot
   */
  record Recovered(Image image, SegmentHeader header, long snapshotBytes, long logBytes) {}

  static Recovered recover(LogDirectory directory, UUID boot, Instant now) throws IOException {
    return new Recovery(directory, now).run(boot);
  }

  private Recovered run(UUID current) throws IOException {
    directory.deleteUnfinished();
    loadSnapshot();
    replay();
    if (loaded != null) {
      deleteObsolete(directory, loaded);
    }
    long last = image.revision();
    if (!closedWell && !current.equals(boot)) {
      log.info("the machine went down under the store: revisions after {} are skipped", last);
      image = image.jumpTo(last + SKIPPED, now);
    }
    SegmentHeader header = new SegmentHeader(nextSegment, last, image.revision(), crc, current);
    return new Recovered(image, header, snapshotBytes, logBytes);
  }

  private void loadSnapshot() throws IOException {
    CorruptStoreException damage = null;
    for (Map.Entry<Long, Path> file : directory.snapshots().descendingMap().entrySet()) {
      try {
        Snapshot snapshot = Snapshot.read(file.getValue());
        image = Image.of(snapshot.tree(), snapshot.revision(), now);
        crc = snapshot.previousCrc();
        nextSegment = snapshot.firstSegment();
        snapshotBytes = Files.size(file.getValue());
        loaded = snapshot;
        return;
      } catch (CorruptStoreException e) {
        log.warn("skipping a snapshot: {}", e.getMessage());
        damage = damage == null ? e : damage;
      }
    }
    if (damage != null && !directory.segments().containsKey(1L)) {
      throw damage;
    }
  }

  private void replay() throws IOException {
    NavigableMap<Long, Path> segments = directory.segments().tailMap(nextSegment, true);
    for (Map.Entry<Long, Path> segment : segments.entrySet()) {
      if (segment.getKey() != nextSegment) {
        throw new CorruptStoreException(
            directory.segment(nextSegment), 0, "the segment is missing");
      }
      SegmentReader reader = SegmentReader.open(segment.getValue());
      boolean last = segment.getKey().equals(segments.lastKey());
      if (!begin(reader, last)) {
        Files.delete(segment.getValue());
        return;
      }
      try {
        reader.read(this::apply);
      } catch (IllegalArgumentException | IllegalStateException | FutureRevisionException e) {
        throw new CorruptStoreException(
            reader.file(), reader.end(), String.valueOf(e.getMessage()));
      }
      end(reader, last);
    }
    if (segments.isEmpty() && nextSegment > 1) {
      throw new CorruptStoreException(directory.segment(nextSegment), 0, "the segment is missing");
    }
  }

  /** Checks how a segment follows what is known; false for the last one if it never began. */
  private boolean begin(SegmentReader reader, boolean last) {
    SegmentHeader header = reader.header();
    if (header == null) {
      if (!last) {
        throw new CorruptStoreException(reader.file(), 0, "the header is not intact");
      }
      reader.requireTorn();
      return false;
    }
    if (header.number() != nextSegment
        || header.previousRevision() != image.revision()
        || header.previousCrc() != crc) {
      throw new CorruptStoreException(
          lastFile == null ? reader.file() : lastFile,
          lastFile == null ? 0 : lastEnd,
          "%s goes on after revision %d, but what is before it ends at %d"
              .formatted(reader.file().getFileName(), header.previousRevision(), image.revision()));
    }
    if (header.baseRevision() > image.revision()) {
      image = image.jumpTo(header.baseRevision(), now);
    }
    return true;
  }

  private void end(SegmentReader reader, boolean last) throws IOException {
    SegmentHeader header = reader.header();
    if (last) {
      reader.requireTorn();
      try (FileChannel channel = FileChannel.open(reader.file(), StandardOpenOption.WRITE)) {
        channel.truncate(reader.end());
        channel.force(true);
      }
    }
    lastFile = reader.file();
    lastEnd = reader.end();
    logBytes += reader.end();
    crc = reader.crc();
    closedWell = reader.last() instanceof LogRecord.Closed;
    boot = header == null ? null : header.boot();
    nextSegment++;
  }

  private void apply(LogRecord record) {
    switch (record) {
      case LogRecord.Put(Entry entry) ->
          image = image.apply(new StoreEvent.Put(entry, image.get(entry.key())), now);
      case LogRecord.Delete(String key, long revision) -> {
        Entry previous = image.get(key);
        if (previous == null) {
          throw new IllegalStateException("deletes what is not there: " + key);
        }
        image = image.apply(new StoreEvent.Delete(key, revision, previous), now);
      }
      case LogRecord.Compact(long revision) -> image = image.compact(revision);
      case LogRecord.Closed closed -> {}
    }
  }

  /** Deletes what nothing needs any more once there is a snapshot, oldest first. */
  static void deleteObsolete(LogDirectory directory, Snapshot snapshot) throws IOException {
    List<Path> files = new ArrayList<>();
    files.addAll(directory.snapshots().headMap(snapshot.revision(), false).values());
    files.addAll(directory.segments().headMap(snapshot.firstSegment(), false).values());
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
