package io.kubra.apiserver.work;

import io.kubra.api.status.ApiException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off names one after the other on a virtual thread. A name waits at most once; one whose
 * work fails is tried again after a while, for ever.
 */
public final class WorkLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkLoop.class);

  /** What is done for a name. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it.
     *
     * @return after how long it shall be done again; zero if only when the name is added again
     */
    Duration on(String name);
  }

  private final String what;
  private final Duration retry;
  private final Work work;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final LinkedHashSet<String> ready = new LinkedHashSet<>();
  // When, in nanoseconds of System, names are due that wait.
  private final Map<String, Long> due = new HashMap<>();
  private @Nullable Thread thread;

  /**
   * A loop that {@link #start} sets going.
   *
   * @param what what the names are of, for messages
   * @param retry how long to wait after a failure
   */
  public WorkLoop(String what, Duration retry, Work work) {
    this.what = what;
    this.retry = retry;
    this.work = work;
  }

  /** Begins to work; names may have been added before. */
  public void start() {
    start(() -> {});
  }

  /**
   * Begins to work.
   *
   * @param first done once on the loop's thread before all else
   */
  public void start(Runnable first) {
    thread =
        Thread.ofVirtual()
            .name("work-" + what.replace(' ', '-'))
            .start(
                () -> {
                  first.run();
                  run();
                });
  }

  /** Has a name worked on soon, unless it already waits for that. */
  public void add(String name) {
    lock.lock();
    try {
      due.remove(name);
      if (ready.add(name)) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has names worked on soon. */
  public void addAll(Collection<String> names) {
    names.forEach(this::add);
  }

  private void later(String name, Duration pause) {
    lock.lock();
    try {
      if (!ready.contains(name)) {
        due.put(name, System.nanoTime() + pause.toNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  private String take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        for (var entry : due.entrySet()) {
          long left = entry.getValue() - now;
          if (left <= 0) {
            ready.add(entry.getKey());
          } else {
            next = Math.min(next, left);
          }
        }
        due.keySet().removeAll(ready);
        if (!ready.isEmpty()) {
          return ready.removeFirst();
        }
        if (next == Long.MAX_VALUE) {
          changed.await();
        } else {
          long unused = changed.awaitNanos(next);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (true) {
        String name = take();
        Duration pause = attempt(name);
        if (pause.isPositive()) {
          later(name, pause);
        }
      }
    } catch (InterruptedException e) {
      log.trace("work on {} ends", what);
    }
  }

  private Duration attempt(String name) {
    try {
      return work.on(name);
    } catch (ApiException e) {
      // Conflicts and objects that have gone are the normal course of things.
      if (e.code() != 404 && e.code() != 409) {
        log.warn("{} {}: {}", what, name, e.getMessage());
      }
    } catch (RuntimeException e) {
      log.error("{} {} cannot be worked on", what, name, e);
    }
    return retry;
  }

  @Override
  public void close() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }
}
