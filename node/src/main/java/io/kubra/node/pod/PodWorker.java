package io.kubra.node.pod;

import io.kubra.api.status.ApiException;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodStatus;
import io.kubra.node.cri.CriException;
import io.kubra.node.metrics.PodMetrics.Operation;
import io.kubra.node.probe.PodProbes;
import io.kubra.node.runtime.PodRuntime;
import io.kubra.node.status.PodStatuses;
import io.kubra.node.volume.VolumeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after one pod on a virtual thread of its own. Other threads only leave word: the pod
 * changed, it is gone from the API, the runtime changed. The worker wakes, looks at everything
 * afresh, does what is to be done, and sleeps until the next word or until something is due.
 */
final class PodWorker {
  /** How often a pod is looked at without any reason. */
  static final Duration RESYNC = Duration.ofSeconds(60);

  private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
  private static final Duration STOP_RETRY = Duration.ofSeconds(1);

  private final PodContext context;
  private final Runnable gone;
  private final PodProbes probes;
  private final PodSync sync;
  private final PodKiller killer;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final long seen = System.nanoTime();
  private Pod pod;
  private @Nullable String synced;
  private boolean startCounted;
  private boolean removed;
  private boolean word;
  private boolean interruptible;
  private volatile boolean closed;
  private volatile WorkerState state = new WorkerState.Running();
  private PodStatus last;
  private int failed;

  /**
   * A worker for a pod.
   *
   * @param gone called when nothing is left of the pod
   */
  PodWorker(PodContext context, Pod pod, Runnable gone) {
    this.context = context;
    this.pod = pod;
    this.last = pod.status();
    // What ran before this agent did was counted by another.
    this.startCounted = !"Pending".equals(pod.status().phase());
    this.gone = gone;
    this.probes =
        new PodProbes(
            context.actions(), context.probeMetrics().of(pod), this::wake, this::unhealthy);
    this.sync = new PodSync(context, probes);
    this.killer = new PodKiller(context);
    this.thread = Thread.ofVirtual().name("pod-" + pod.key()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** The pod as last heard of. */
  Pod pod() {
    lock.lock();
    try {
      return pod;
    } finally {
      lock.unlock();
    }
  }

  /** The pod with the status last computed here. */
  Pod podWithStatus() {
    lock.lock();
    try {
      return pod.withStatus(last);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the pod still needs what it requested. */
  boolean active() {
    return state instanceof WorkerState.Running || state instanceof WorkerState.Terminating;
  }

  /** The pod changed in the API. */
  void update(Pod changed) {
    lock.lock();
    try {
      pod = changed;
      leaveWord(changed.metadata().deletionTimestamp() != null);
    } finally {
      lock.unlock();
    }
  }

  /** The pod is gone from the API. */
  void removed(Pod lastKnown) {
    lock.lock();
    try {
      pod = lastKnown;
      removed = true;
      leaveWord(true);
    } finally {
      lock.unlock();
    }
  }

  /** Something else changed. */
  void wake() {
    lock.lock();
    try {
      leaveWord(false);
    } finally {
      lock.unlock();
    }
  }

  private void leaveWord(boolean endSync) {
    word = true;
    woken.signal();
    if (endSync && interruptible) {
      // It may wait for an image for a pod that nobody wants any more.
      thread.interrupt();
    }
  }

  /** Stops looking after the pod; what runs goes on running. */
  void close() {
    closed = true;
    probes.stop();
    thread.interrupt();
  }

  private void run() {
    Duration pause = Duration.ZERO;
    while (!closed && !(state instanceof WorkerState.Gone)) {
      try {
        await(pause);
        pause = step();
        failed = 0;
      } catch (InterruptedException e) {
        pause = Duration.ZERO;
      } catch (CriException
          | ApiException
          | IOException
          | UncheckedIOException
          | VolumeException e) {
        pause = Thread.interrupted() ? Duration.ZERO : retry(e);
      } catch (RuntimeException e) {
        LOG.error("pod {}", pod().key(), e);
        pause = retry(e);
      }
    }
    probes.stop();
    if (!closed) {
      gone.run();
    }
  }

  private Duration retry(Exception e) {
    LOG.debug("pod {}: {}", pod().key(), e.toString());
    Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(failed++, 10));
    return pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
  }

  /** Waits for a word, or for the pause to end. */
  private void await(Duration pause) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = pause.toNanos();
      while (!word && left > 0) {
        left = woken.awaitNanos(left);
      }
      word = false;
    } finally {
      lock.unlock();
    }
  }

  private boolean isRemoved() {
    lock.lock();
    try {
      return removed;
    } finally {
      lock.unlock();
    }
  }

  /** One look at the pod; returns how long to sleep. */
  private Duration step() throws InterruptedException, IOException, VolumeException {
    Pod now = pod();
    return switch (state) {
      case WorkerState.Running r -> running(now);
      case WorkerState.Terminating t -> terminating(now, t);
      case WorkerState.Terminated t -> terminated(now);
      case WorkerState.Ended e -> ended(now);
      case WorkerState.Gone g -> Duration.ZERO;
    };
  }

  private Duration running(Pod now) throws InterruptedException, IOException, VolumeException {
    PodRuntime runtime = context.runtimes().read(now.metadata().uid());
    PodStatus status = observe(now, runtime, false, null);
    boolean deleted = now.metadata().deletionTimestamp() != null || isRemoved();
    PodStatuses.Verdict verdict = deadlineVerdict(now, status);
    if (deleted
        || verdict != null
        || PodStatuses.ended(now.status())
        || PodStatuses.finished(now, status)) {
      terminate(now, verdict);
      return Duration.ZERO;
    }
    Duration pause;
    Operation operation = operation(now);
    long began = System.nanoTime();
    setInterruptible(true);
    try {
      pause = sync.sync(now, runtime, changed -> observe(pod(), changed, false, null));
    } finally {
      setInterruptible(false);
      observe(pod(), context.runtimes().read(now.metadata().uid()), false, null);
      context.metrics().looked(operation, began);
    }
    return earlier(pause, deadline(now, status));
  }

  private Operation operation(Pod now) {
    String before = synced;
    synced = now.metadata().resourceVersion();
    if (before == null) {
      return Operation.CREATE;
    }
    return before.equals(synced) ? Operation.SYNC : Operation.UPDATE;
  }

  private void setInterruptible(boolean value) throws InterruptedException {
    lock.lock();
    try {
      interruptible = value;
      boolean interrupted = Thread.interrupted();
      if (value
          && (interrupted || (word && (removed || pod.metadata().deletionTimestamp() != null)))) {
        interruptible = false;
        throw new InterruptedException();
      }
    } finally {
      lock.unlock();
    }
  }

  private static Duration earlier(Duration a, @Nullable Duration b) {
    return b == null || a.compareTo(b) <= 0 ? a : b;
  }

  /** How long the pod may still run, or null if for ever. */
  private @Nullable Duration deadline(Pod now, PodStatus status) {
    Long seconds = now.spec().activeDeadlineSeconds();
    Instant start = status.startTime();
    if (seconds == null || start == null) {
      return null;
    }
    Duration left = Duration.between(context.clock().instant(), start.plusSeconds(seconds));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private PodStatuses.@Nullable Verdict deadlineVerdict(Pod now, PodStatus status) {
    Duration left = deadline(now, status);
    return left != null && left.isZero()
        ? new PodStatuses.Verdict(
            "DeadlineExceeded", "Pod was active on the node longer than the specified deadline")
        : null;
  }

  private void terminate(Pod now, PodStatuses.@Nullable Verdict verdict) {
    if (verdict != null) {
      context.events().normal(now, verdict.reason(), verdict.message());
    }
    long grace = graceSeconds(now);
    state =
        new WorkerState.Terminating(
            grace, killer.start(now, Duration.ofSeconds(grace), true, this::wake), verdict);
  }

  private long graceSeconds(Pod now) {
    Long deletion = now.metadata().deletionGracePeriodSeconds();
    long spec = Objects.requireNonNullElse(now.spec().terminationGracePeriodSeconds(), 30L);
    if (now.metadata().deletionTimestamp() != null && deletion != null) {
      return deletion;
    }
    return isRemoved() ? Math.min(spec, 1) : spec;
  }

  private Duration terminating(Pod now, WorkerState.Terminating t) throws InterruptedException {
    PodRuntime runtime = context.runtimes().read(now.metadata().uid());
    observe(now, runtime, false, t.verdict());
    if (!t.kill().isDone()) {
      long grace = graceSeconds(now);
      if (grace < t.graceSeconds()) {
        // Somebody lost patience: the runtime takes the shorter of two requests.
        state =
            new WorkerState.Terminating(
                grace,
                killer.start(now, Duration.ofSeconds(grace), false, this::wake),
                t.verdict());
      }
      return RESYNC;
    }
    try {
      t.kill().get(0, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("pod {} could not be stopped: {}", now.key(), e.toString());
      return killAgain(now, t);
    }
    runtime = context.runtimes().read(now.metadata().uid());
    if (runtime.anyRunning()) {
      return killAgain(now, t);
    }
    state = new WorkerState.Terminated(t.verdict());
    observe(now, runtime, true, t.verdict());
    return Duration.ZERO;
  }

  /**
   * After a pause: a runtime that fails, or still shows what it stopped, is not asked in a loop.
   */
  private Duration killAgain(Pod now, WorkerState.Terminating t) throws InterruptedException {
    Thread.sleep(STOP_RETRY);
    state =
        new WorkerState.Terminating(
            t.graceSeconds(),
            killer.start(now, Duration.ofSeconds(t.graceSeconds()), false, this::wake),
            t.verdict());
    return RESYNC;
  }

  private Duration terminated(Pod now) throws IOException {
    String uid = now.metadata().uid();
    probes.stop();
    context.objects().release(uid);
    context.volumes().remove(uid);
    context.cgroups().remove(uid);
    state = new WorkerState.Ended();
    return Duration.ZERO;
  }

  private Duration ended(Pod now) throws IOException {
    String uid = now.metadata().uid();
    if (isRemoved()) {
      killer.remove(uid);
      context.logs().delete(now.metadata().namespace(), now.metadata().name(), uid);
      context.statuses().forget(uid);
      context.restarts().resetAll(uid);
      state = new WorkerState.Gone();
      return Duration.ZERO;
    }
    if (now.metadata().deletionTimestamp() != null) {
      context.statuses().publishAndDelete(now, last);
    }
    return RESYNC;
  }

  /** Computes and publishes the status, and tells the probes what runs. */
  private PodStatus observe(
      Pod now, PodRuntime runtime, boolean terminated, PodStatuses.@Nullable Verdict verdict) {
    List<String> ips =
        Boolean.TRUE.equals(now.spec().hostNetwork()) ? context.node().hostIps() : runtime.ips();
    boolean ending = !(state instanceof WorkerState.Running);
    if (!terminated) {
      probes.update(now, runtime, ips.isEmpty() ? "" : ips.getFirst(), ending);
    }
    PodStatus previous = last;
    PodStatus status =
        PodStatuses.compute(
            new PodStatuses.Inputs(
                now,
                carryOver(previous, now.status()),
                runtime,
                new Answers(),
                sync.failures(),
                context.logs()::lastWords,
                terminated,
                verdict,
                context.runtimeName(),
                context.node().hostIps(),
                context.clock().instant()));
    lock.lock();
    try {
      last = status;
    } finally {
      lock.unlock();
    }
    if (!startCounted && "Running".equals(status.phase())) {
      startCounted = true;
      context.metrics().started(now, seen, context.clock().instant());
    }
    if (!isRemoved()) {
      context.statuses().publish(now, status);
    }
    return status;
  }

  /** Fields of the status that others set come from the API, all else from our last one. */
  private static PodStatus carryOver(PodStatus ours, PodStatus theirs) {
    return ours.toBuilder()
        .nominatedNodeName(theirs.nominatedNodeName())
        .qosClass(theirs.qosClass())
        .build();
  }

  private final class Answers implements PodStatuses.ProbeAnswers {
    @Override
    public boolean started(Container container, String containerId) {
      return probes.started(container, containerId);
    }

    @Override
    public boolean ready(Container container, String containerId) {
      return probes.ready(container, containerId);
    }
  }

  private void unhealthy(Container container, String message) {
    context.events().warning(pod(), container, "Unhealthy", message);
  }
}
