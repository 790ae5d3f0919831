package io.kubra.node.pod;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.node.cri.CriException;
import io.kubra.node.probe.PodProbes;
import io.kubra.node.runtime.PodRuntime;
import io.kubra.node.status.StartFailure;
import io.kubra.node.volume.MountedVolume;
import io.kubra.node.volume.VolumeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Brings a running pod closer to its spec, as far as it goes at the moment. */
final class PodSync {
  /** Told after each step that changed the runtime. */
  interface Observer {
    /** The runtime's new state of the pod. */
    void changed(PodRuntime runtime);
  }

  private static final int MOST_ROUNDS = 20;

  private final PodContext context;
  private final PodProbes probes;
  private final Map<String, StartFailure> failures = new ConcurrentHashMap<>();
  private final ContainerStopper stopper;
  private final ContainerStarter starter;
  private final SandboxStarter sandboxes;
  private boolean prepared;

  PodSync(PodContext context, PodProbes probes) {
    this.context = context;
    this.probes = probes;
    this.stopper = new ContainerStopper(context);
    this.starter = new ContainerStarter(context, stopper);
    this.sandboxes = new SandboxStarter(context);
  }

  /** Why containers could not be started, by name. */
  Map<String, StartFailure> failures() {
    return failures;
  }

  /**
   * Does what can be done now.
   *
   * @return how long to wait before trying again what could not
   */
  Duration sync(Pod pod, PodRuntime before, Observer observer)
      throws InterruptedException, IOException, VolumeException {
    boolean hostNetwork = Boolean.TRUE.equals(pod.spec().hostNetwork());
    String problem = context.network().problem();
    if (!problem.isEmpty() && !hostNetwork && before.readySandbox() == null) {
      context.events().warning(pod, "NetworkNotReady", "network is not ready: " + problem);
      return Duration.ofSeconds(1);
    }
    if (!prepared) {
      context.objects().follow(pod);
      context.cgroups().create(pod);
      prepared = true;
    }
    Map<String, MountedVolume> volumes =
        context.volumes().mount(pod, text -> context.events().warning(pod, "FailedMount", text));
    PodRuntime runtime = before;
    Duration again = PodWorker.RESYNC;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      switch (SyncPlanner.plan(pod, runtime, probes)) {
        case SyncPlan.Nothing n -> {
          return again;
        }
        case SyncPlan.NewSandbox s -> sandboxes.start(pod, runtime, s.attempt());
        case SyncPlan.Containers c -> {
          Duration wait = containers(pod, runtime, volumes, c, observer);
          if (c.kills().isEmpty()) {
            observer.changed(context.runtimes().read(pod.metadata().uid()));
            return wait;
          }
        }
      }
      runtime = context.runtimes().read(pod.metadata().uid());
      observer.changed(runtime);
    }
    return again;
  }

  private Duration containers(
      Pod pod,
      PodRuntime runtime,
      Map<String, MountedVolume> volumes,
      SyncPlan.Containers plan,
      Observer observer)
      throws InterruptedException {
    String ip = runtime.ips().isEmpty() ? "" : runtime.ips().getFirst();
    for (SyncPlan.Kill kill : plan.kills()) {
      stopper.stop(pod, kill.spec(), kill.container().id(), ip, kill.why(), grace(pod, kill));
    }
    if (!plan.kills().isEmpty()) {
      return Duration.ZERO;
    }
    Duration again = PodWorker.RESYNC;
    List<Container> starts = plan.starts();
    for (int i = 0; i < starts.size(); i++) {
      Container container = starts.get(i);
      try {
        starter.start(pod, container, runtime, plan.sandbox(), volumes);
        failures.remove(container.name());
        if (i + 1 < starts.size()) {
          observer.changed(context.runtimes().read(pod.metadata().uid()));
        }
      } catch (ContainerStarter.NotStarted e) {
        failures.put(container.name(), e.failure());
        again = e.again().compareTo(again) < 0 ? e.again() : again;
      } catch (CriException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
        throw e;
      }
    }
    return again;
  }

  /** A probe may ask for another time to end than the pod's. */
  private Duration grace(Pod pod, SyncPlan.Kill kill) {
    String failed = probes.failed(kill.container().id());
    var probe =
        "liveness".equals(failed)
            ? kill.spec().livenessProbe()
            : "startup".equals(failed) ? kill.spec().startupProbe() : null;
    Long own = probe == null ? null : probe.terminationGracePeriodSeconds();
    Long ofPod = pod.spec().terminationGracePeriodSeconds();
    return Duration.ofSeconds(own != null ? own : Objects.requireNonNullElse(ofPod, 30L));
  }
}
