package io.kubra.apiserver.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The seats and queues of one priority level. A request takes its seats at once if nobody waits and
 * enough are free; otherwise it is put into the shortest of the few queues that its flow was dealt,
 * so that a flow with many requests fills its own queues and few of any other flow's. Queues take
 * turns by virtual time: the one that has had the least service, counted in seats and seconds, is
 * next.
 */
final class PriorityLevel {
  /** What a request is taken to need before it is known. */
  private static final double ESTIMATE_SECONDS = 0.003;

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile LevelSpec spec;
  private volatile Seats seats = new Seats(0, 0, 0);
  private volatile int limit;
  private Queue[] queues;
  private int executingSeats;
  private int executingRequests;
  private int waitingRequests;
  private int waitingSeats;
  private int peakDemand;
  private double virtualTime;

  /** Why a request is refused. */
  enum Refusal {
    QUEUE_FULL,
    CONCURRENCY_LIMIT,
    TIME_OUT
  }

  /** Requests that wait together. */
  static final class Queue {
    final ArrayDeque<Waiter> waiting = new ArrayDeque<>(4);
    int waitingSeats;
    int executing;
    int executingSeats;
    double virtualStart;
  }

  /** A request that waits. */
  static final class Waiter {
    final CountDownLatch turn = new CountDownLatch(1);
    final int width;
    final long hash;
    final String schema;
    final String flow;
    final long arrived = System.currentTimeMillis();
    Queue queue;
    boolean dispatched;

    Waiter(int width, long hash, String schema, String flow, Queue queue) {
      this.width = width;
      this.hash = hash;
      this.schema = schema;
      this.flow = flow;
      this.queue = queue;
    }
  }

  PriorityLevel(LevelSpec spec) {
    this.name = spec.name();
    this.spec = spec;
    this.queues = newQueues(spec.queues());
  }

  String name() {
    return name;
  }

  LevelSpec spec() {
    return spec;
  }

  Seats seats() {
    return seats;
  }

  int limit() {
    return limit;
  }

  private static Queue[] newQueues(int count) {
    Queue[] made = new Queue[count];
    for (int i = 0; i < count; i++) {
      made[i] = new Queue();
    }
    return made;
  }

  /** Takes another configuration; who waits goes on waiting, in the new queues. */
  void configure(LevelSpec next, Seats share) {
    lock.lock();
    try {
      boolean requeue = next.queues() != queues.length;
      spec = next;
      seats = share;
      limit = Math.clamp(limit == 0 ? share.nominal() : limit, share.lower(), share.upper());
      if (requeue) {
        List<Waiter> all = new ArrayList<>();
        for (Queue queue : queues) {
          all.addAll(queue.waiting);
        }
        queues = newQueues(Math.max(next.queues(), all.isEmpty() ? 0 : 1));
        waitingRequests = 0;
        waitingSeats = 0;
        for (Waiter waiter : all) {
          waiter.queue = choose(waiter.hash);
          add(waiter);
        }
      }
      dispatch();
    } finally {
      lock.unlock();
    }
  }

  /** Sets how many seats there are for now, between those lent and those borrowed. */
  void limit(int now) {
    lock.lock();
    try {
      limit = now;
      dispatch();
    } finally {
      lock.unlock();
    }
  }

  /** Places that a request has taken, for {@link #release}. */
  record Place(int width, @Nullable Queue queue) {}

  /**
   * Takes seats, waiting for them if the level has queues.
   *
   * @param width how many seats
   * @param waitNanos how long to wait at most
   * @return the place, or why there is none
   */
  Object acquire(
      long hash, int width, String schema, String flow, long waitNanos, FlowStats stats) {
    Waiter waiter;
    lock.lock();
    try {
      if (spec.exempt()) {
        executingSeats += width;
        executingRequests++;
        peakDemand = Math.max(peakDemand, executingSeats);
        return new Place(width, null);
      }
      int needed = Math.clamp(width, 1, Math.max(1, limit));
      peakDemand = Math.max(peakDemand, executingSeats + waitingSeats + needed);
      if (waitingRequests == 0 && executingSeats + needed <= limit) {
        executingSeats += needed;
        executingRequests++;
        return new Place(needed, null);
      }
      if (queues.length == 0) {
        return Refusal.CONCURRENCY_LIMIT;
      }
      Queue queue = choose(hash);
      if (queue.waiting.size() >= spec.queueLength()) {
        return Refusal.QUEUE_FULL;
      }
      waiter = new Waiter(needed, hash, schema, flow, queue);
      add(waiter);
      dispatch();
    } finally {
      lock.unlock();
    }
    return await(waiter, waitNanos, stats);
  }

  private Object await(Waiter waiter, long waitNanos, FlowStats stats) {
    stats.waiting.increment();
    try {
      if (waiter.turn.await(waitNanos, TimeUnit.NANOSECONDS)) {
        return new Place(waiter.width, waiter.queue);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stats.waiting.decrement();
    }
    lock.lock();
    try {
      if (waiter.dispatched) {
        return new Place(waiter.width, waiter.queue);
      }
      waiter.queue.waiting.remove(waiter);
      waiter.queue.waitingSeats -= waiter.width;
      waitingRequests--;
      waitingSeats -= waiter.width;
      // it may have been a wide one that those behind it waited for
      dispatch();
      return Refusal.TIME_OUT;
    } finally {
      lock.unlock();
    }
  }

  /** Gives seats back. */
  void release(Place place, double seconds) {
    lock.lock();
    try {
      executingSeats -= place.width;
      executingRequests--;
      Queue queue = place.queue;
      if (queue != null) {
        queue.executing--;
        queue.executingSeats -= place.width;
        // it was charged an estimate when it began
        queue.virtualStart += place.width * (seconds - ESTIMATE_SECONDS);
      }
      if (waitingRequests > 0) {
        dispatch();
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(Waiter waiter) {
    Queue queue = waiter.queue;
    if (queue.waiting.isEmpty() && queue.executing == 0) {
      queue.virtualStart = Math.max(queue.virtualStart, virtualTime);
    }
    queue.waiting.add(waiter);
    queue.waitingSeats += waiter.width;
    waitingRequests++;
    waitingSeats += waiter.width;
  }

  /** Lets those begin for whom there are seats. */
  private void dispatch() {
    while (waitingRequests > 0) {
      Queue next = null;
      for (Queue queue : queues) {
        if (!queue.waiting.isEmpty() && (next == null || queue.virtualStart < next.virtualStart)) {
          next = queue;
        }
      }
      if (next == null) {
        return;
      }
      Waiter waiter = next.waiting.getFirst();
      // a level that has shrunk must still let one request of any width pass
      if (executingSeats + waiter.width > limit && executingSeats > 0) {
        return;
      }
      next.waiting.removeFirst();
      next.waitingSeats -= waiter.width;
      waitingRequests--;
      waitingSeats -= waiter.width;
      virtualTime = Math.max(virtualTime, next.virtualStart);
      next.virtualStart += waiter.width * ESTIMATE_SECONDS;
      next.executing++;
      next.executingSeats += waiter.width;
      executingSeats += waiter.width;
      executingRequests++;
      waiter.dispatched = true;
      waiter.turn.countDown();
    }
  }

  /** The shortest of the queues that a flow was dealt (shuffle sharding). */
  private Queue choose(long hash) {
    int[] hand = hand(hash, queues.length, Math.min(Math.max(1, spec.handSize()), queues.length));
    Queue best = queues[hand[0]];
    for (int card : hand) {
      Queue queue = queues[card];
      if (queue.waitingSeats + queue.executingSeats < best.waitingSeats + best.executingSeats) {
        best = queue;
      }
    }
    return best;
  }

  /** Deals different cards out of a deck, always the same for one hash. */
  static int[] hand(long hash, int deck, int size) {
    int[] cards = new int[size];
    long rest = hash & Long.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      int card = (int) (rest % (deck - i));
      rest /= deck - i;
      // count over the cards that are gone
      for (int j = 0; j < i; j++) {
        if (card >= cards[j]) {
          card++;
        }
      }
      int at = i;
      while (at > 0 && cards[at - 1] > card) {
        cards[at] = cards[at - 1];
        at--;
      }
      cards[at] = card;
    }
    return cards;
  }

  /** How many seats were wanted at once at most since this was last asked. */
  int takePeakDemand() {
    lock.lock();
    try {
      int peak = peakDemand;
      peakDemand = executingSeats + waitingSeats;
      return peak;
    } finally {
      lock.unlock();
    }
  }

  /** The state of a level at one moment. */
  record State(
      int activeQueues, int waiting, int executing, int executingSeats, List<QueueState> queues) {}

  /** The state of a queue at one moment. */
  record QueueState(
      int index, int executing, int executingSeats, double virtualStart, List<Waiter> waiting) {}

  State state() {
    lock.lock();
    try {
      List<QueueState> all = new ArrayList<>(queues.length);
      int active = 0;
      for (int i = 0; i < queues.length; i++) {
        Queue q = queues[i];
        active += q.waiting.isEmpty() && q.executing == 0 ? 0 : 1;
        all.add(
            new QueueState(
                i, q.executing, q.executingSeats, q.virtualStart, List.copyOf(q.waiting)));
      }
      return new State(active, waitingRequests, executingRequests, executingSeats, all);
    } finally {
      lock.unlock();
    }
  }
}
