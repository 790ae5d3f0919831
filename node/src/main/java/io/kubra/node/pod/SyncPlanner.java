package io.kubra.node.pod;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.node.container.ContainerConfigs;
import io.kubra.node.container.EphemeralContainers;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.probe.PodProbes;
import io.kubra.node.runtime.Labels;
import io.kubra.node.runtime.PodRuntime;
import io.kubra.node.runtime.RuntimeContainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decides what to do next for a pod. Looks only; changes nothing. */
final class SyncPlanner {
  private final Pod pod;
  private final PodRuntime runtime;
  private final PodProbes probes;
  private final String policy;
  private final List<SyncPlan.Kill> kills = new ArrayList<>();
  private final List<Container> starts = new ArrayList<>();

  private SyncPlanner(Pod pod, PodRuntime runtime, PodProbes probes) {
    this.pod = pod;
    this.runtime = runtime;
    this.probes = probes;
    this.policy = Objects.requireNonNullElse(pod.spec().restartPolicy(), "Always");
  }

  static SyncPlan plan(Pod pod, PodRuntime runtime, PodProbes probes) {
    return new SyncPlanner(pod, runtime, probes).plan();
  }

  private SyncPlan plan() {
    Cri.PodSandboxStatus sandbox = usableSandbox();
    if (sandbox == null) {
      return planSandbox();
    }
    boolean initialized =
        pod.spec().containers().stream()
            .anyMatch(c -> runtime.latest(c.name(), sandbox.getId()) != null);
    if (planInit(sandbox.getId(), initialized)) {
      for (Container container : pod.spec().containers()) {
        planMain(container);
      }
    }
    for (Container container : EphemeralContainers.of(pod)) {
      // They are started once, whatever else the pod does.
      if (runtime.latest(container.name()) == null) {
        starts.add(container);
      }
    }
    return kills.isEmpty() && starts.isEmpty()
        ? new SyncPlan.Nothing()
        : new SyncPlan.Containers(sandbox.getId(), List.copyOf(kills), List.copyOf(starts));
  }

  private Cri.@Nullable PodSandboxStatus usableSandbox() {
    Cri.PodSandboxStatus sandbox = runtime.readySandbox();
    if (sandbox == null) {
      return null;
    }
    boolean hostNetwork = Boolean.TRUE.equals(pod.spec().hostNetwork());
    return hostNetwork || !PodRuntime.ips(sandbox).isEmpty() ? sandbox : null;
  }

  private SyncPlan planSandbox() {
    int attempt =
        runtime.sandboxes().isEmpty()
            ? 0
            : runtime.sandboxes().getFirst().getMetadata().getAttempt() + 1;
    if (attempt > 0) {
      boolean wanted =
          pod.spec().containers().stream().anyMatch(c -> restarts(runtime.latest(c.name())));
      boolean started = !runtime.containers().isEmpty();
      if (!wanted || (policy.equals("Never") && started)) {
        return new SyncPlan.Nothing();
      }
    }
    return new SyncPlan.NewSandbox(attempt);
  }

  /** Plans the init containers; true when the main ones may run. */
  private boolean planInit(String sandbox, boolean initialized) {
    for (Container container : pod.spec().initContainers()) {
      boolean sidecar = "Always".equals(container.restartPolicy());
      if (initialized && !sidecar) {
        continue;
      }
      RuntimeContainer latest = runtime.latest(container.name(), sandbox);
      if (sidecar) {
        boolean started = false;
        if (latest != null && latest.running()) {
          killIfUnfit(container, latest, true);
          started = probes.started(container, latest.id());
        } else {
          starts.add(container);
        }
        if (!initialized && !started) {
          return false;
        }
        continue;
      }
      if (latest != null && latest.succeeded()) {
        continue;
      }
      if (latest != null && latest.running()) {
        return false;
      }
      if (latest == null || !latest.exited() || !policy.equals("Never")) {
        starts.add(container);
      }
      return false;
    }
    return true;
  }

  private void planMain(Container container) {
    RuntimeContainer latest = runtime.latest(container.name());
    if (latest != null && latest.running()) {
      killIfUnfit(container, latest, !policy.equals("Never"));
    } else if (restarts(latest)) {
      starts.add(container);
    }
  }

  private boolean restarts(@Nullable RuntimeContainer latest) {
    if (latest == null || !latest.exited()) {
      return true;
    }
    return switch (policy) {
      case "Never" -> false;
      case "OnFailure" -> !latest.succeeded();
      default -> true;
    };
  }

  private void killIfUnfit(Container container, RuntimeContainer running, boolean restart) {
    String failed = probes.failed(running.id());
    String hash = running.status().getAnnotationsOrDefault(Labels.HASH, "");
    String why;
    if (failed != null) {
      why = "Container " + container.name() + " failed " + failed + " probe";
    } else if (!hash.isEmpty() && !hash.equals(ContainerConfigs.hash(container))) {
      why = "Container " + container.name() + " definition changed";
    } else {
      return;
    }
    kills.add(new SyncPlan.Kill(running, container, restart ? why + ", will be restarted" : why));
  }
}
