package io.kubra.node.probe;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Probe;
import io.kubra.node.action.Actions;
import io.kubra.node.action.Outcome;
import io.kubra.node.runtime.PodRuntime;
import io.kubra.node.runtime.RuntimeContainer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The probes of one pod and what they found. {@link #update} and {@link #stop} are for the pod's
 * worker alone; the questions are for any thread.
 */
public final class PodProbes {
  private record Key(String container, ProbeKind kind) {}

  private record Found(ProbeKind kind, String containerId) {}

  private final Actions actions;
  private final ProbeMetrics.OfPod metrics;
  private final Runnable changed;
  private final BiConsumer<Container, String> unhealthy;
  private final Map<Key, ProbeLoop> loops = new ConcurrentHashMap<>();
  private final Map<Found, Boolean> found = new ConcurrentHashMap<>();
  private volatile Map<String, RuntimeContainer> running = Map.of();
  private volatile String podIp = "";
  private final ProbeLoop.Surroundings surroundings = new Around();

  /**
   * Probes for a pod; none run yet.
   *
   * @param metrics where outcomes are counted
   * @param changed called when an answer changes; must not block
   * @param unhealthy told of failures, for events
   */
  public PodProbes(
      Actions actions,
      ProbeMetrics.OfPod metrics,
      Runnable changed,
      BiConsumer<Container, String> unhealthy) {
    this.actions = actions;
    this.metrics = metrics;
    this.changed = changed;
    this.unhealthy = unhealthy;
  }

  /**
   * Starts what the pod's containers ask for, and tells running probes what runs now.
   *
   * @param terminating whether the pod is to end: then only readiness is still of interest
   */
  public void update(Pod pod, PodRuntime runtime, String ip, boolean terminating) {
    Map<String, RuntimeContainer> before = running;
    Map<String, RuntimeContainer> now = new HashMap<>();
    for (RuntimeContainer container : runtime.containers().reversed()) {
      if (container.running()) {
        now.put(container.name(), container);
      }
    }
    running = now;
    podIp = ip;
    found
        .keySet()
        .removeIf(f -> now.values().stream().noneMatch(c -> c.id().equals(f.containerId)));
    Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream())
        .forEach(c -> start(c, terminating));
    for (Map.Entry<Key, ProbeLoop> e : loops.entrySet()) {
      String name = e.getKey().container;
      RuntimeContainer old = before.get(name);
      RuntimeContainer current = now.get(name);
      if (current != null && (old == null || !old.id().equals(current.id()))) {
        e.getValue().nudge();
      }
    }
  }

  private void start(Container container, boolean terminating) {
    for (ProbeKind kind : ProbeKind.values()) {
      Probe probe = kind.of(container);
      Key key = new Key(container.name(), kind);
      boolean wanted = probe != null && !(terminating && kind != ProbeKind.READINESS);
      if (!wanted) {
        ProbeLoop old = loops.remove(key);
        if (old != null) {
          old.stop();
        }
      } else if (!loops.containsKey(key)) {
        ProbeLoop loop =
            new ProbeLoop(kind, container, Objects.requireNonNull(probe), actions, surroundings);
        loops.put(key, loop);
        loop.start();
      }
    }
  }

  /** Ends all probes. */
  public void stop() {
    loops.values().forEach(ProbeLoop::stop);
    loops.clear();
    metrics.forget();
  }

  /** Whether a running container counts as started. */
  public boolean started(Container container, String containerId) {
    return container.startupProbe() == null
        || Boolean.TRUE.equals(found.get(new Found(ProbeKind.STARTUP, containerId)));
  }

  /** Whether a running container counts as ready. */
  public boolean ready(Container container, String containerId) {
    if (!started(container, containerId)) {
      return false;
    }
    return container.readinessProbe() == null
        || Boolean.TRUE.equals(found.get(new Found(ProbeKind.READINESS, containerId)));
  }

  /** The name of the probe because of which a container must be killed, or null. */
  public @Nullable String failed(String containerId) {
    if (Boolean.FALSE.equals(found.get(new Found(ProbeKind.STARTUP, containerId)))) {
      return "startup";
    }
    if (Boolean.FALSE.equals(found.get(new Found(ProbeKind.LIVENESS, containerId)))) {
      return "liveness";
    }
    return null;
  }

  private final class Around implements ProbeLoop.Surroundings {
    @Override
    public @Nullable RuntimeContainer running(String container) {
      return running.get(container);
    }

    @Override
    public String podIp() {
      return podIp;
    }

    @Override
    public boolean started(Container container, String containerId) {
      return PodProbes.this.started(container, containerId);
    }

    @Override
    public void decided(ProbeKind kind, String containerId, boolean result) {
      Boolean before = found.put(new Found(kind, containerId), result);
      if (before == null
          ? result != kind.initially() || kind == ProbeKind.STARTUP
          : before != result) {
        changed.run();
      }
      if (kind == ProbeKind.STARTUP) {
        loops.values().forEach(ProbeLoop::nudge);
      }
    }

    @Override
    public void probed(ProbeKind kind, Container container, Outcome outcome) {
      metrics.count(kind, container.name(), outcome);
    }

    @Override
    public void unhealthy(Container container, String message) {
      unhealthy.accept(container, message);
    }
  }
}
