package io.kubra.apiserver.bootstrap;

import io.kubra.apiserver.cache.ResourceCache;
import io.kubra.apiserver.cache.StoredObject;
import io.kubra.store.Durability;
import io.kubra.store.RevisionMismatchException;
import io.kubra.store.Store;
import io.kubra.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets old revisions and old Events. Ages are told by revisions: the store's revision is noted
 * every minute, and what has not changed since an hour-old note is an hour old. After a restart
 * Events live up to an hour longer.
 */
public final class Housekeeping implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration EVENT_AGE = Duration.ofHours(1);
  private static final Duration HISTORY = Duration.ofMinutes(5);

  private final Store store;
  private final Supplier<ResourceCache> events;
  private final Clock clock;
  private final Deque<Note> notes = new ArrayDeque<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("housekeeping").daemon().factory());

  private record Note(Instant time, long revision) {}

  public Housekeeping(Store store, Supplier<ResourceCache> events, Clock clock) {
    this.store = store;
    this.events = events;
    this.clock = clock;
  }

  /** Begins to work once a minute. */
  public void start() {
    timer.scheduleWithFixedDelay(this::guarded, 1, 1, TimeUnit.MINUTES);
  }

  private void guarded() {
    try {
      run();
    } catch (RuntimeException e) {
      log.warn("housekeeping failed and will be tried again", e);
    }
  }

  /** One round: takes a note and forgets what is old by now. */
  public void run() {
    Instant now = clock.instant();
    notes.addLast(new Note(now, store.revision()));
    Note old = newestBefore(now.minus(HISTORY));
    if (old != null && old.revision() > store.compactRevision()) {
      store.compact(old.revision());
    }
    Note expired = newestBefore(now.minus(EVENT_AGE));
    if (expired != null) {
      expire(expired.revision());
      notes.removeIf(n -> n.time().isBefore(expired.time()));
    }
  }

  private @org.jspecify.annotations.Nullable Note newestBefore(Instant limit) {
    Note found = null;
    for (Note n : notes) {
      if (n.time().isAfter(limit)) {
        break;
      }
      found = n;
    }
    return found;
  }

  private void expire(long revision) {
    List<StoredObject> old = new ArrayList<>();
    events
        .get()
        .any()
        .objects()
        .forEach(
            "",
            "",
            o -> {
              if (o.revision() <= revision) {
                old.add(o);
              }
              return true;
            });
    for (StoredObject o : old) {
      try {
        store.delete(o.key(), o.revision(), Durability.BUFFERED);
      } catch (RevisionMismatchException e) {
        // it has just happened again
      } catch (StoreException e) {
        log.warn("cannot remove {}", o.key(), e);
        return;
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
