package io.kubra.apiserver.cache;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The events of one watch, waiting to be sent. The feeder adds, the thread that serves the watch
 * takes. A watcher that falls too far behind is ended: its client lists again.
 */
public final class Watcher implements AutoCloseable {
  private static final int LIMIT = 20_000;

  /** An event with its meaning for this watcher. */
  public record Item(CacheEvent event, CacheEvent.Type type) {}

  private final Runnable onClose;
  private final LongSupplier delivered;
  private final String prefix;
  private final ObjectFilter filter;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Item> queue = new ArrayDeque<>();
  private boolean closed;
  private boolean nudged;

  /**
   * A watcher to be fed by whoever creates it.
   *
   * @param onClose called when the watch ends, perhaps more than once
   * @param delivered up to which revision everything was offered
   */
  Watcher(String prefix, ObjectFilter filter, Consumer<Watcher> onClose, LongSupplier delivered) {
    this.prefix = prefix;
    this.filter = filter;
    this.onClose = () -> onClose.accept(this);
    this.delivered = delivered;
  }

  /** The revision up to which every event is in the queue or was taken. */
  public long deliveredRevision() {
    return delivered.getAsLong();
  }

  /** Called by the feeder, in order of revisions. */
  void offer(CacheEvent event) {
    StoredObject any = event.current() != null ? event.current() : event.previous();
    if (any == null || !any.key().startsWith(prefix)) {
      return;
    }
    CacheEvent.Type type = event.typeFor(filter);
    if (type == null) {
      return;
    }
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (queue.size() >= LIMIT) {
        closed = true;
        queue.clear();
      } else {
        queue.add(new Item(event, type));
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes all waiting events, waiting for the first one for at most this long.
   *
   * @return the events, empty when the time is over or {@link #wake} was called, null when the
   *     watcher was closed and everything is taken
   */
  public @Nullable List<Item> take(long timeoutNanos) throws InterruptedException {
    long left = timeoutNanos;
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !closed && !nudged && left > 0) {
        left = changed.awaitNanos(left);
      }
      nudged = false;
      if (queue.isEmpty()) {
        return closed ? null : List.of();
      }
      List<Item> taken = new ArrayList<>(queue);
      queue.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #take(long)} with a unit. */
  public @Nullable List<Item> take(long timeout, TimeUnit unit) throws InterruptedException {
    return take(unit.toNanos(timeout));
  }

  /** Ends a wait in {@link #take} early. */
  public void wake() {
    lock.lock();
    try {
      nudged = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the watch: from now on no events arrive. */
  @Override
  public void close() {
    onClose.run();
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
