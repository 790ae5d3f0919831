package io.kubra.store.embedded;

import io.kubra.store.CorruptStoreException;
import io.kubra.store.Deleted;
import io.kubra.store.Durability;
import io.kubra.store.Entry;
import io.kubra.store.Range;
import io.kubra.store.Store;
import io.kubra.store.StoreClosedException;
import io.kubra.store.StoreException;
import io.kubra.store.StoreFullException;
import io.kubra.store.Watch;
import io.kubra.store.WatchListener;
import io.kubra.store.image.Image;
import io.kubra.store.log.FileJournal;
import io.kubra.store.log.Journal;
import io.kubra.store.log.LogConfig;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A store inside this process: state in memory, durable through a log in a directory. */
public final class EmbeddedStore implements Store {
  private final CommandQueue commands = new CommandQueue();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Journal journal;
  private final Writer writer;
  private final Thread writerThread;
  private final WatchHub watches;
  private volatile Image image;
  private volatile boolean closed;

  private EmbeddedStore(EmbeddedConfig config, Journal journal, Image image) {
    this.image = image;
    this.journal = journal;
    this.watches = new WatchHub(() -> this.image);
    this.writer = new Writer(config, journal, image, commands, this::publish);
    this.writerThread = Thread.ofPlatform().name("kubra-store-writer").daemon().unstarted(writer);
    writerThread.start();
  }

  /**
   * Opens the store in a directory, or begins one there.
   *
   * @throws CorruptStoreException when acknowledged data is damaged
   * @throws StoreFullException when there is not even space to begin
   * @throws StoreException when another process has the store, or the files are out of reach
   */
  public static EmbeddedStore open(EmbeddedConfig config) {
    FileJournal.Opened opened =
        FileJournal.open(
            new LogConfig(
                config.directory(),
                config.segmentBytes(),
                config.snapshotAfterBytes(),
                config.reserveBytes()),
            config.clock().instant());
    return new EmbeddedStore(config, opened.journal(), opened.image());
  }

  /** A store that forgets everything when it is closed; for tests. */
  public static EmbeddedStore inMemory() {
    return inMemory(EmbeddedConfig.at(Path.of("")));
  }

  /** As {@link #inMemory()}, with the retention and clock of a configuration. */
  public static EmbeddedStore inMemory(EmbeddedConfig config) {
    return new EmbeddedStore(config, Journal.none(), Image.empty(config.clock().instant()));
  }

  @Override
  public long revision() {
    return current().revision();
  }

  @Override
  public long compactRevision() {
    return current().compactRevision();
  }

  @Override
  public @Nullable Entry get(String key) {
    return current().get(key);
  }

  @Override
  public Range range(String startInclusive, String endExclusive, int limit, long revision) {
    if (limit < 0 || revision < 0) {
      throw new IllegalArgumentException("neither limit nor revision may be negative");
    }
    return current().range(startInclusive, endExclusive, limit, revision);
  }

  @Override
  public long count(String startInclusive, String endExclusive) {
    return current().tree().count(startInclusive, endExclusive);
  }

  @Override
  public Entry put(String key, byte[] value, long expectedModRevision, Durability durability) {
    requireKey(key);
    Objects.requireNonNull(value, "value");
    requireExpectation(expectedModRevision);
    return ask(new Command.Put(key, value, expectedModRevision, durability), Entry.class);
  }

  @Override
  public Deleted delete(String key, long expectedModRevision, Durability durability) {
    requireExpectation(expectedModRevision);
    return ask(new Command.Delete(key, expectedModRevision, durability), Deleted.class);
  }

  @Override
  public Watch watch(
      String startInclusive, String endExclusive, long afterRevision, WatchListener listener) {
    requireOpen();
    return watches.watch(startInclusive, endExclusive, afterRevision, listener);
  }

  @Override
  public void compact(long revision) {
    ask(new Command.Compact(revision), Command.class);
  }

  /** What the store has done and holds, for metrics. */
  public StoreStatistics statistics() {
    Image now = image;
    return new StoreStatistics(
        now.revision(),
        now.compactRevision(),
        now.tree().size(),
        writer.groups(),
        writer.syncs(),
        journal.diskBytes(),
        watches.size());
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    try {
      ask(new Command.Stop(), Command.class);
    } finally {
      closed = true;
      watches.close();
    }
  }

  private <T> T ask(Command command, Class<T> answer) {
    requireOpen();
    commands.add(command);
    return command.await(answer);
  }

  private void publish(Image next) {
    image = next;
    watches.published();
  }

  private Image current() {
    requireOpen();
    return image;
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreClosedException();
    }
  }

  private static void requireKey(String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a key must not be empty");
    }
  }

  private static void requireExpectation(long expected) {
    if (expected < ANY) {
      throw new IllegalArgumentException("no such revision: " + expected);
    }
  }
}
