package io.kubra.scheduler.queue;

import io.kubra.model.core.v1.Pod;
import io.kubra.scheduler.metrics.SchedulerMetrics;
import io.kubra.scheduler.metrics.SchedulerMetrics.Queue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Pods that have no node. Ready ones are handed out by priority and then by age; those that no node
 * could take wait until something changes that may help them, and then for a back-off of 1 to 10
 * seconds by the number of attempts. Pods that no change has helped are tried again after five
 * minutes. One lock guards everything.
 */
public final class PodQueue {
  private static final long FIRST_BACK_OFF = 1000;
  private static final long LONGEST_BACK_OFF = 10_000;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final String FAILURE = "ScheduleAttemptFailure";

  private static final class Waiting {
    final long entered = System.nanoTime();
    Pod pod;
    int attempts;
    long since;
    long retryAt;
    boolean parked;

    Waiting(Pod pod) {
      this.pod = pod;
    }

    int priority() {
      Integer priority = pod.spec().priority();
      return priority == null ? 0 : priority;
    }
  }

  private final InstantSource clock;
  private final SchedulerMetrics metrics;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Waiting> pods = new HashMap<>();
  private final PriorityQueue<Waiting> ready =
      new PriorityQueue<>(
          Comparator.comparingInt(Waiting::priority)
              .reversed()
              .thenComparingLong(w -> w.since)
              .thenComparing(w -> w.pod.metadata().uid()));
  private final PriorityQueue<Waiting> backingOff =
      new PriorityQueue<>(Comparator.comparingLong(w -> w.retryAt));
  private long moves;

  /** A queue on the given clock. */
  public PodQueue(InstantSource clock, SchedulerMetrics metrics) {
    this.clock = clock;
    this.metrics = metrics;
    metrics.pending(Queue.ACTIVE, () -> count(Queue.ACTIVE));
    metrics.pending(Queue.BACKOFF, () -> count(Queue.BACKOFF));
    metrics.pending(Queue.UNSCHEDULABLE, () -> count(Queue.UNSCHEDULABLE));
  }

  private long count(Queue queue) {
    lock.lock();
    try {
      return switch (queue) {
        case ACTIVE -> ready.size();
        case BACKOFF -> backingOff.stream().filter(w -> !w.parked).count();
        case UNSCHEDULABLE -> backingOff.stream().filter(w -> w.parked).count();
        case GATED -> 0;
      };
    } finally {
      lock.unlock();
    }
  }

  /** Adds a pod, or takes over its new state. */
  public void put(Pod pod) {
    lock.lock();
    try {
      Waiting known = pods.get(pod.metadata().uid());
      if (known == null) {
        Waiting waiting = new Waiting(pod);
        waiting.since = clock.millis();
        pods.put(pod.metadata().uid(), waiting);
        ready.add(waiting);
        metrics.entered(Queue.ACTIVE, "PodAdd");
        changed.signal();
        return;
      }
      boolean respecified = !known.pod.spec().equals(pod.spec());
      boolean queued = ready.remove(known);
      known.pod = pod;
      if (queued) {
        ready.add(known);
      } else if (known.parked && respecified) {
        release(known, "PodUpdate");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a pod that has got its node, here or elsewhere. */
  public void placed(String uid) {
    Waiting known = forget(uid);
    if (known != null && known.attempts > 0) {
      metrics.placed(known.attempts, known.entered);
    }
  }

  /** Forgets a pod that needs no node. */
  public void remove(String uid) {
    forget(uid);
  }

  private @Nullable Waiting forget(String uid) {
    lock.lock();
    try {
      Waiting known = pods.remove(uid);
      if (known != null) {
        ready.remove(known);
        backingOff.remove(known);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next pod; null only when interrupted while waiting would be pointless. */
  public Pod take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        promote();
        Waiting next = ready.poll();
        if (next != null) {
          next.attempts++;
          return next.pod;
        }
        Waiting later = backingOff.peek();
        if (later == null) {
          changed.await();
        } else {
          var unused =
              changed.await(Math.max(1, later.retryAt - clock.millis()), TimeUnit.MILLISECONDS);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** How often the cluster has changed in ways that may help pods. */
  public long moves() {
    lock.lock();
    try {
      return moves;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts back a pod that no node could take.
   *
   * @param movesBefore {@link #moves} as it was before the attempt; if the cluster has changed
   *     since, the change may have come too late to be seen, and the pod is tried again
   */
  public void park(Pod pod, long movesBefore) {
    lock.lock();
    try {
      Waiting waiting = pods.get(pod.metadata().uid());
      if (waiting == null) {
        return;
      }
      waiting.parked = true;
      if (moves != movesBefore) {
        release(waiting, FAILURE);
      } else {
        metrics.entered(Queue.UNSCHEDULABLE, FAILURE);
        waiting.retryAt = clock.millis() + LONGEST_WAIT.toMillis();
        backingOff.add(waiting);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Puts back a pod whose attempt failed for reasons of our own, such as a lost connection. */
  public void retry(Pod pod) {
    lock.lock();
    try {
      Waiting waiting = pods.get(pod.metadata().uid());
      if (waiting != null) {
        waiting.parked = true;
        release(waiting, FAILURE);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The cluster changed in a way that may help pods that wait.
   *
   * @param event what happened, as upstream's metrics call it
   */
  public void wake(String event) {
    lock.lock();
    try {
      moves++;
      List<Waiting> parked = new ArrayList<>();
      for (Waiting waiting : pods.values()) {
        if (waiting.parked) {
          parked.add(waiting);
        }
      }
      parked.forEach(waiting -> release(waiting, event));
    } finally {
      lock.unlock();
    }
  }

  private void release(Waiting waiting, String event) {
    metrics.entered(Queue.BACKOFF, event);
    backingOff.remove(waiting);
    waiting.parked = false;
    long backOff =
        Math.min(
            FIRST_BACK_OFF << Math.min(Math.max(0, waiting.attempts - 1), 10), LONGEST_BACK_OFF);
    waiting.retryAt = clock.millis() + backOff;
    waiting.since = clock.millis();
    backingOff.add(waiting);
    changed.signal();
  }

  private void promote() {
    long now = clock.millis();
    for (Waiting w = backingOff.peek(); w != null && w.retryAt <= now; w = backingOff.peek()) {
      backingOff.poll();
      metrics.entered(Queue.ACTIVE, w.parked ? "UnschedulableTimeout" : "BackoffComplete");
      w.parked = false;
      ready.add(w);
    }
  }

  /** The pod as last seen, or null if it no longer waits. */
  public @Nullable Pod current(String uid) {
    lock.lock();
    try {
      Waiting waiting = pods.get(uid);
      return waiting == null ? null : waiting.pod;
    } finally {
      lock.unlock();
    }
  }
}
