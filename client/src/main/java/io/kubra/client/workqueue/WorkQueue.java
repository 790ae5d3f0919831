package io.kubra.client.workqueue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A queue of keys in which each key waits at most once and is worked on by at most one worker: a
 * key added while it is being worked on is handed out again after {@link #done}. One lock guards
 * all state; it is held only for the queue's own bookkeeping.
 */
public final class WorkQueue<K> implements AutoCloseable {
  private static final Duration FIRST_DELAY = Duration.ofMillis(5);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(1000);

  private record Delayed<K>(long dueMillis, long order, K key) implements Comparable<Delayed<K>> {
    @Override
    public int compareTo(Delayed<K> other) {
      int byTime = Long.compare(dueMillis, other.dueMillis);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // With the nanoseconds since when.
  private final LinkedHashMap<K, Long> ready = new LinkedHashMap<>();
  private final Map<K, Long> working = new HashMap<>();
  private final Set<K> again = new HashSet<>();
  private final PriorityQueue<Delayed<K>> delayed = new PriorityQueue<>();
  private final Map<K, Delayed<K>> earliest = new HashMap<>();
  private final Map<K, Integer> failures = new HashMap<>();
  private final WorkQueueMetrics metrics;
  private long order;
  private boolean closed;

  /** A queue on the system's clock that nobody counts. */
  public WorkQueue() {
    this(InstantSource.system(), WorkQueueMetrics.unread());
  }

  /** A queue whose delays follow the given clock; call {@link #tick} after moving a fake one. */
  public WorkQueue(InstantSource clock, WorkQueueMetrics metrics) {
    this.clock = clock;
    this.metrics = metrics;
    metrics.follow(this);
  }

  /** Adds a key unless it already waits. */
  public void add(K key) {
    lock.lock();
    try {
      addLocked(key);
    } finally {
      lock.unlock();
    }
  }

  private void addLocked(K key) {
    if (closed) {
      return;
    }
    if (working.containsKey(key)) {
      if (again.add(key)) {
        metrics.added();
      }
    } else if (!ready.containsKey(key)) {
      metrics.added();
      makeReady(key);
    }
  }

  private void makeReady(K key) {
    ready.put(key, System.nanoTime());
    changed.signal();
  }

  /** Adds a key once the delay has passed; an earlier delay of the same key wins. */
  public void addAfter(K key, Duration delay) {
    if (delay.isZero() || delay.isNegative()) {
      add(key);
      return;
    }
    lock.lock();
    try {
      long due = clock.millis() + delay.toMillis();
      Delayed<K> known = earliest.get(key);
      if (closed || (known != null && known.dueMillis <= due)) {
        return;
      }
      Delayed<K> entry = new Delayed<>(due, order++, key);
      earliest.put(key, entry);
      delayed.add(entry);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Adds a key after a delay that doubles with each failure since the last {@link #forget}. */
  public void addRateLimited(K key) {
    int failed;
    metrics.retried();
    lock.lock();
    try {
      failed = failures.merge(key, 1, Integer::sum);
    } finally {
      lock.unlock();
    }
    long millis = FIRST_DELAY.toMillis() << Math.min(failed - 1, 30);
    addAfter(key, Duration.ofMillis(Math.min(millis, LONGEST_DELAY.toMillis())));
  }

  /** Forgets the failures of a key. */
  public void forget(K key) {
    lock.lock();
    try {
      failures.remove(key);
    } finally {
      lock.unlock();
    }
  }

  /** How often the key has failed since it was last forgotten. */
  public int failures(K key) {
    lock.lock();
    try {
      return failures.getOrDefault(key, 0);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a key. The caller must pass it to {@link #done} afterwards.
   *
   * @return the key, or null once the queue is closed
   */
  public @Nullable K get() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long wait = promoteDue();
        Map.Entry<K, Long> first = ready.pollFirstEntry();
        if (first != null) {
          metrics.taken(first.getValue());
          working.put(first.getKey(), System.nanoTime());
          return first.getKey();
        }
        if (closed) {
          return null;
        }
        if (wait == Long.MAX_VALUE) {
          changed.await();
        } else {
          var unused = changed.await(wait, TimeUnit.MILLISECONDS);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Moves due keys to the ready ones; returns the milliseconds until the next is due. */
  private long promoteDue() {
    long now = clock.millis();
    while (true) {
      Delayed<K> next = delayed.peek();
      if (next == null) {
        return Long.MAX_VALUE;
      }
      if (next.dueMillis > now) {
        return next.dueMillis - now;
      }
      delayed.poll();
      if (earliest.remove(next.key, next)) {
        addLocked(next.key);
      }
    }
  }

  /** Ends the work on a key. */
  public void done(K key) {
    lock.lock();
    try {
      Long since = working.remove(key);
      if (since != null) {
        metrics.done(since);
      }
      if (again.remove(key) && !closed) {
        makeReady(key);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the workers to look at the clock again. */
  public void tick() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many keys are ready to be worked on. */
  public int depth() {
    lock.lock();
    try {
      return ready.size();
    } finally {
      lock.unlock();
    }
  }

  /** The time that has gone into all keys that are being worked on. */
  double unfinishedSeconds() {
    lock.lock();
    try {
      long now = System.nanoTime();
      return working.values().stream().mapToDouble(since -> (now - since) / 1e9).sum();
    } finally {
      lock.unlock();
    }
  }

  /** The time that has gone into the key that has been worked on longest. */
  double longestSeconds() {
    lock.lock();
    try {
      long now = System.nanoTime();
      return working.values().stream().mapToDouble(since -> (now - since) / 1e9).max().orElse(0);
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing waits, is delayed or is worked on. */
  public boolean idle() {
    lock.lock();
    try {
      return ready.isEmpty() && working.isEmpty() && earliest.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      ready.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
