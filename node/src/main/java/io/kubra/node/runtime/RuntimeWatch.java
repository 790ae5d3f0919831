package io.kubra.node.runtime;

import io.kubra.metrics.Histogram;
import io.kubra.metrics.MetricRegistry;
import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.RuntimeEvents;
import io.kubra.node.cri.v1.Cri;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices changes of the runtime. One thread lists everything and compares with the time before:
 * seldom while the runtime's events arrive, every second without them, and at once on an event.
 */
public final class RuntimeWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeWatch.class);
  private static final Duration WITHOUT_EVENTS = Duration.ofSeconds(1);
  private static final Duration WITH_EVENTS = Duration.ofSeconds(5);
  private static final Duration SETTLE = Duration.ofMillis(10);
  private static final Duration UNCHANGED_AFTER_EVENT = Duration.ofMillis(60);
  private static final int LOOKS_AFTER_EVENT = 4;
  private static final int MOST_LOOKS_FOR_AN_END = 50;

  /** Whose a sandbox or container is. */
  public record Owner(String uid, String namespace, String name) {}

  private final CriClient cri;
  private final Consumer<String> podChanged;
  private final RuntimeEvents events;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final Histogram relists;
  private final Histogram intervals;
  private final Thread thread;
  private long lookedAt;
  private int looksLeft;
  private int looksForEnds;
  private final Set<String> ending = ConcurrentHashMap.newKeySet();
  private volatile Map<Owner, Map<String, Integer>> known = Map.of();
  private volatile Instant lastSeen = Instant.EPOCH;
  private volatile boolean closed;

  /**
   * Starts to watch.
   *
   * @param podChanged told the uid of each pod with a change; must not block
   * @param metrics where looks are counted, as upstream's event generator counts its own
   */
  public RuntimeWatch(CriClient cri, Consumer<String> podChanged, MetricRegistry metrics) {
    this.cri = cri;
    this.relists =
        metrics
            .histogram(
                "kubelet_pleg_relist_duration_seconds",
                "Duration in seconds for relisting pods in PLEG.",
                Histogram.defaultSeconds())
            .with();
    this.intervals =
        metrics
            .histogram(
                "kubelet_pleg_relist_interval_seconds",
                "Interval in seconds between relisting in PLEG.",
                Histogram.defaultSeconds())
            .with();
    metrics.gauge(
        "kubelet_pleg_last_seen_seconds",
        "Timestamp in seconds when PLEG was last seen active.",
        () -> lastSeen.toEpochMilli() / 1e3);
    this.podChanged = podChanged;
    this.events = new RuntimeEvents(cri, id -> lookSoon(), this::awaitEnd);
    this.thread = Thread.ofVirtual().name("runtime-watch").start(this::run);
  }

  /** The pods of which the runtime had something at the last look. */
  public Set<Owner> owners() {
    return known.keySet();
  }

  /** When the runtime last answered. */
  public Instant lastSeen() {
    return lastSeen;
  }

  /** Looks again now. */
  public void lookSoon() {
    lock.lock();
    try {
      looksLeft = LOOKS_AFTER_EVENT;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The CRI may need longer for an end than its events, the more if a start came just before. */
  private void awaitEnd(String id) {
    lock.lock();
    try {
      ending.add(id);
      looksForEnds = MOST_LOOKS_FOR_AN_END;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (!closed) {
        boolean afterEvent = awaitReason();
        if (afterEvent) {
          Thread.sleep(SETTLE);
        }
        boolean changed = false;
        try {
          changed = look();
        } catch (CriException e) {
          LOG.debug("the runtime cannot be listed: {}", e.getMessage());
          cri.reconnect();
        }
        rearm(changed);
      }
    } catch (InterruptedException e) {
      LOG.trace("runtime watch ends");
    }
  }

  /** Waits for an event or the next turn; true for an event. */
  private boolean awaitReason() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (looksLeft == 0) {
        Duration pause = events.following() ? WITH_EVENTS : WITHOUT_EVENTS;
        var unused = woken.await(pause.toMillis(), TimeUnit.MILLISECONDS);
      }
      return looksLeft > 0;
    } finally {
      lock.unlock();
    }
  }

  /** The CRI may learn of an exit later than we do: look again until the change shows. */
  private void rearm(boolean changed) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      // What changed may be another container than the event's: one more look then, too.
      looksLeft = Math.max(0, changed ? Math.min(looksLeft - 1, 1) : looksLeft - 1);
      if (looksLeft == 0 && !ending.isEmpty()) {
        if (looksForEnds-- > 0) {
          looksLeft = 1;
        } else {
          ending.clear();
        }
      }
      if (looksLeft > 0) {
        var unused = woken.await(UNCHANGED_AFTER_EVENT.toMillis(), TimeUnit.MILLISECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean look() {
    long began = System.nanoTime();
    if (lookedAt != 0) {
      intervals.observeSince(lookedAt);
    }
    lookedAt = began;
    Map<Owner, Map<String, Integer>> now = new HashMap<>();
    Set<String> alive = new HashSet<>();
    for (Cri.PodSandbox sandbox : cri.podSandboxes(Map.of())) {
      note(now, sandbox.getLabelsMap(), sandbox.getId(), sandbox.getState().getNumber());
      if (sandbox.getState() == Cri.PodSandboxState.SANDBOX_READY) {
        alive.add(sandbox.getId());
      }
    }
    for (Cri.Container container : cri.containers(Map.of())) {
      note(now, container.getLabelsMap(), container.getId(), container.getState().getNumber());
      if (container.getState() != Cri.ContainerState.CONTAINER_EXITED) {
        alive.add(container.getId());
      }
    }
    ending.retainAll(alive);
    lastSeen = Instant.now();
    relists.observeSince(began);
    Map<Owner, Map<String, Integer>> before = known;
    known = now;
    Set<Owner> all = new HashSet<>(before.keySet());
    all.addAll(now.keySet());
    boolean changed = false;
    for (Owner owner : all) {
      if (!Objects.equals(before.get(owner), now.get(owner))) {
        changed = true;
        podChanged.accept(owner.uid);
      }
    }
    return changed;
  }

  private static void note(
      Map<Owner, Map<String, Integer>> states, Map<String, String> labels, String id, int state) {
    String uid = labels.get(Labels.POD_UID);
    if (uid != null) {
      Owner owner =
          new Owner(
              uid,
              labels.getOrDefault(Labels.POD_NAMESPACE, ""),
              labels.getOrDefault(Labels.POD_NAME, ""));
      states.computeIfAbsent(owner, o -> new TreeMap<>()).put(id, state);
    }
  }

  @Override
  public void close() {
    closed = true;
    events.close();
    thread.interrupt();
  }
}
