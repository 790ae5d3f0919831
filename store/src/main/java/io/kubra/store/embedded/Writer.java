package io.kubra.store.embedded;

import io.kubra.store.StoreClosedException;
import io.kubra.store.StoreException;
import io.kubra.store.image.Image;
import io.kubra.store.log.Journal;
import io.kubra.store.log.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes a store.
 *
 * <p>Of each group of waiting writes the buffered ones go first (all of the group are concurrent,
 * so any order is a true one): they are appended, published and answered, and the durable ones
 * follow with the sync that covers both. Nothing durable is visible before its sync.
 */
final class Writer implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Writer.class);

  /** So many writes may at most be lost with the machine; recovery skips far more revisions. */
  private static final int MAX_UNSYNCED = 10_000;

  private final EmbeddedConfig config;
  private final Journal journal;
  private final CommandQueue commands;
  private final Consumer<Image> publication;
  private Image image;
  private int unsynced;
  private @Nullable Long syncBy;
  private boolean stopped;
  private int lookedAt;

  /** The log may be ahead of the image: if this is left by an unforeseen error, writing ends. */
  private boolean committing;

  private @Nullable StoreException broken;

  private final AtomicLong groups = new AtomicLong();
  private final AtomicLong syncs = new AtomicLong();

  Writer(
      EmbeddedConfig config,
      Journal journal,
      Image image,
      CommandQueue commands,
      Consumer<Image> publication) {
    this.config = config;
    this.journal = journal;
    this.image = image;
    this.commands = commands;
    this.publication = publication;
  }

  /** How many groups of writes were committed. */
  long groups() {
    return groups.get();
  }

  /** How often the disk was waited for. */
  long syncs() {
    return syncs.get();
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        List<Command> group = commands.take(syncBy);
        try {
          serve(group);
        } catch (RuntimeException | Error e) {
          // a bug or no memory: what is published stays valid, the callers must not hang
          log.error("the store could not serve {} requests", group.size(), e);
          StoreException failure = new StoreException("the store failed: " + e, e);
          if (committing) {
            broken = failure;
          }
          answer(group, failure);
        }
      }
    } finally {
      commands.refuseFurther();
    }
  }

  private void serve(List<Command> group) {
    List<Command> buffered = new ArrayList<>();
    List<Command> durable = new ArrayList<>();
    List<Command> others = new ArrayList<>();
    for (Command command : group) {
      switch (command) {
        case Command.Put put -> (put.durable() ? durable : buffered).add(put);
        case Command.Delete delete -> (delete.durable() ? durable : buffered).add(delete);
        default -> others.add(command);
      }
    }
    commit(buffered, false);
    commit(durable, true);
    others.forEach(this::control);
    if (!stopped) {
      compactExpired();
      journal.published(image);
      syncIfDue();
    }
  }

  private void commit(List<Command> writes, boolean durable) {
    if (writes.isEmpty()) {
      return;
    }
    if (broken != null) {
      answer(writes, broken);
      return;
    }
    Draft draft = new Draft(image, config.clock().instant());
    writes.forEach(draft::add);
    try {
      if (!draft.records().isEmpty()) {
        committing = true;
        journal.append(draft.records());
        if (durable) {
          sync();
        } else {
          unsynced += draft.records().size();
        }
      }
    } catch (StoreException e) {
      committing = false;
      // mismatches of this group may rest on writes that failed, so everyone gets this answer
      answer(writes, e);
      return;
    }
    groups.incrementAndGet();
    publish(draft.image());
    committing = false;
    writes.forEach(Command::release);
  }

  private void sync() {
    journal.sync();
    syncs.incrementAndGet();
    unsynced = 0;
    syncBy = null;
  }

  private void syncIfDue() {
    if (!journal.unsynced()) {
      syncBy = null;
      return;
    }
    if (syncBy == null) {
      syncBy = System.nanoTime() + config.flushInterval().toNanos();
    }
    if (unsynced >= MAX_UNSYNCED || System.nanoTime() - syncBy >= 0) {
      try {
        sync();
      } catch (StoreException e) {
        log.error("buffered writes could not be forced to disk", e);
        syncBy = null;
      }
    }
  }

  private void control(Command command) {
    switch (command) {
      case Command.Compact compact -> {
        try {
          if (stopped) {
            throw new StoreClosedException();
          }
          compact(image.compact(compact.revision()));
          compact.succeed(compact);
        } catch (StoreException e) {
          compact.fail(e);
        }
        compact.release();
      }
      case Command.Stop stop -> {
        stopped = true;
        try {
          journal.close();
          stop.succeed(stop);
        } catch (StoreException e) {
          stop.fail(e);
        }
        stop.release();
      }
      default -> throw new IllegalStateException("unexpected " + command);
    }
  }

  private void compactExpired() {
    if (image.history().length() == lookedAt) {
      return;
    }
    long before = image.history().expiredBefore(config.retention(), config.clock().instant());
    compact(image.compact(before));
    lookedAt = image.history().length();
  }

  private void compact(Image next) {
    if (next.compactRevision() == image.compactRevision()) {
      return;
    }
    publish(next);
    try {
      journal.append(List.of(new LogRecord.Compact(next.compactRevision())));
    } catch (StoreException e) {
      // memory is what compaction is about; after a restart a little more may be known again
      log.debug("compaction at {} is not in the log", next.compactRevision(), e);
    }
  }

  private void publish(Image next) {
    image = next;
    publication.accept(next);
  }

  private void answer(List<Command> group, StoreException failure) {
    for (Command command : group) {
      if (!command.answered()) {
        command.fail(failure);
        command.release();
      }
    }
  }
}
