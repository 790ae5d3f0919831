package io.kubra.node.probe;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Probe;
import io.kubra.node.action.Actions;
import io.kubra.node.action.Outcome;
import io.kubra.node.runtime.RuntimeContainer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one probe of one container, again and again, on its own virtual thread. */
final class ProbeLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ProbeLoop.class);
  private static final int TRIES = 3;

  /** What a loop sees of its pod and tells it. */
  interface Surroundings {
    /** The running container of a name, or null. */
    @Nullable RuntimeContainer running(String container);

    /** The pod's address. */
    String podIp();

    /** Whether the container has passed its startup probe, or has none. */
    boolean started(Container container, String containerId);

    /** The probe's threshold was reached one way or the other. */
    void decided(ProbeKind kind, String containerId, boolean result);

    /** A probe was made. */
    void probed(ProbeKind kind, Container container, Outcome outcome);

    /** Something that deserves an event. */
    void unhealthy(Container container, String message);
  }

  private final ProbeKind kind;
  private final Container container;
  private final Probe probe;
  private final Actions actions;
  private final Surroundings surroundings;
  private final Semaphore nudge = new Semaphore(0);
  private final Thread thread;
  private String containerId = "";
  private @Nullable Boolean decided;
  private boolean last;
  private int inARow;

  ProbeLoop(
      ProbeKind kind, Container container, Probe probe, Actions actions, Surroundings around) {
    this.kind = kind;
    this.container = container;
    this.probe = probe;
    this.actions = actions;
    this.surroundings = around;
    this.thread =
        Thread.ofVirtual().name("probe-" + container.name() + "-" + kind).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Lets the loop look at the container at once: it is another one, or has started. */
  void nudge() {
    nudge.release();
  }

  void stop() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        Duration pause;
        try {
          pause = turn();
        } catch (RuntimeException e) {
          LOG.warn("{} probe of {} failed to run", kind.text(), container.name(), e);
          pause = period();
        }
        var unused = nudge.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        nudge.drainPermits();
      }
    } catch (InterruptedException e) {
      LOG.trace("{} probe of {} ends", kind, container.name());
    }
  }

  private Duration period() {
    return seconds(probe.periodSeconds(), 10);
  }

  private static Duration seconds(@Nullable Integer value, int otherwise) {
    return Duration.ofSeconds(value == null || value < 1 ? otherwise : value);
  }

  /** Probes once if it is time; returns how long to wait. */
  private Duration turn() throws InterruptedException {
    RuntimeContainer running = surroundings.running(container.name());
    if (running == null) {
      return Duration.ofHours(1);
    }
    if (!running.id().equals(containerId)) {
      containerId = running.id();
      decided = null;
      inARow = 0;
    }
    boolean settled =
        switch (kind) {
          // A started container stays started; one that failed waits for its replacement.
          case STARTUP -> decided != null;
          case LIVENESS -> Boolean.FALSE.equals(decided);
          case READINESS -> false;
        };
    boolean tooEarly = kind != ProbeKind.STARTUP && !surroundings.started(container, containerId);
    if (settled || tooEarly) {
      return Duration.ofHours(1);
    }
    int delay = Objects.requireNonNullElse(probe.initialDelaySeconds(), 0);
    Duration early = Duration.between(Instant.now(), running.startedAt().plusSeconds(delay));
    if (early.isPositive()) {
      return early;
    }
    long began = System.nanoTime();
    Outcome outcome = probe();
    surroundings.probed(kind, container, outcome);
    count(outcome);
    Duration left = period().minusNanos(System.nanoTime() - began);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }

  private Outcome probe() throws InterruptedException {
    Outcome outcome = new Outcome.Unknown("");
    for (int i = 0; i < TRIES; i++) {
      outcome = once();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (!(outcome instanceof Outcome.Unknown)) {
        break;
      }
    }
    return outcome;
  }

  private Outcome once() {
    Duration timeout = seconds(probe.timeoutSeconds(), 1);
    String ip = surroundings.podIp();
    if (probe.exec() != null) {
      return actions.exec(containerId, probe.exec(), timeout);
    }
    if (probe.httpGet() != null) {
      return actions.http(probe.httpGet(), container, ip, timeout);
    }
    if (probe.tcpSocket() != null) {
      return actions.tcp(probe.tcpSocket(), container, ip, timeout);
    }
    if (probe.grpc() != null) {
      return actions.grpc(probe.grpc(), ip, timeout);
    }
    return new Outcome.Unknown("missing probe handler");
  }

  private void count(Outcome outcome) {
    RuntimeContainer now = surroundings.running(container.name());
    if (now == null || !now.id().equals(containerId)) {
      // The container ended meanwhile; what the probe met says nothing about the next one.
      return;
    }
    boolean good;
    switch (outcome) {
      case Outcome.Success s -> good = true;
      case Outcome.Failure f -> {
        good = false;
        surroundings.unhealthy(container, kind.text() + " probe failed: " + f.output());
      }
      case Outcome.Unknown u -> {
        surroundings.unhealthy(
            container, kind.text() + " probe errored and resulted in unknown state: " + u.error());
        return;
      }
    }
    inARow = inARow > 0 && good == last ? inARow + 1 : 1;
    last = good;
    int threshold =
        good
            ? Objects.requireNonNullElse(probe.successThreshold(), 1)
            : Objects.requireNonNullElse(probe.failureThreshold(), 3);
    if (inARow >= threshold && !Boolean.valueOf(good).equals(decided)) {
      decided = good;
      surroundings.decided(kind, containerId, good);
    }
  }
}
