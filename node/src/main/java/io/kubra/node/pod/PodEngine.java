package io.kubra.node.pod;

import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.metrics.MetricRegistry;
import io.kubra.metrics.MetricSource;
import io.kubra.model.core.v1.Pod;
import io.kubra.node.action.Actions;
import io.kubra.node.action.Hooks;
import io.kubra.node.cgroup.CgroupHierarchies;
import io.kubra.node.cgroup.PodCgroups;
import io.kubra.node.container.ContainerConfigs;
import io.kubra.node.container.Environment;
import io.kubra.node.container.PodDns;
import io.kubra.node.container.SandboxConfigs;
import io.kubra.node.container.SecurityContexts;
import io.kubra.node.cri.CriClient;
import io.kubra.node.image.ImagePuller;
import io.kubra.node.logs.ContainerLogs;
import io.kubra.node.metrics.PodMetrics;
import io.kubra.node.objects.ClusterObjects;
import io.kubra.node.probe.ProbeMetrics;
import io.kubra.node.runtime.Labels;
import io.kubra.node.runtime.PodRuntimes;
import io.kubra.node.runtime.RuntimeHealth;
import io.kubra.node.runtime.RuntimeWatch;
import io.kubra.node.status.StatusPublisher;
import io.kubra.node.system.BackOff;
import io.kubra.node.system.HostFacts;
import io.kubra.node.system.NodePaths;
import io.kubra.node.volume.ClaimVolume;
import io.kubra.node.volume.PodVolumes;
import io.kubra.node.volume.SubPaths;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the pods that are bound to a node. What already runs when the engine starts is taken over as
 * it is; {@link #close} lets everything go on running.
 */
public final class PodEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodEngine.class);
  private static final Duration ORPHANS = Duration.ofSeconds(30);

  /**
   * What an engine is made for.
   *
   * @param userAgent what HTTP probes call themselves
   * @param metrics where the work is counted
   */
  public record Settings(
      ApiClient client,
      CriClient cri,
      NodePaths paths,
      CgroupHierarchies hierarchies,
      String cgroupRoot,
      PodDns dns,
      Environment.NodeFacts node,
      String userAgent,
      int parallelPulls,
      InstantSource clock,
      MetricRegistry metrics) {}

  private final ProbeMetrics probeMetrics = new ProbeMetrics();
  private final PodCgroups cgroups;
  private final ClusterObjects objects;
  private final StatusPublisher statuses;
  private final EventRecorder recorder;
  private final PodVolumes volumes;
  private final PodWorkers workers;
  private final SharedInformer<Pod> pods;
  private final RuntimeWatch watch;
  private final Semaphore podsChanged = new Semaphore(1);
  private final List<Thread> threads;

  /** Starts to run pods. */
  public PodEngine(Settings s, RuntimeHealth health) {
    this.cgroups = new PodCgroups(s.hierarchies, s.cgroupRoot);
    this.statuses = new StatusPublisher(s.client);
    this.recorder = new EventRecorder(s.client, "kubelet", s.node.nodeName());
    this.objects = new ClusterObjects(s.client, s.paths.known(), this::wake);
    this.volumes = new PodVolumes(s.paths, objects, s.node, s.clock);
    this.workers = new PodWorkers(context(s, health, volumes), podsChanged::release);
    this.pods =
        new SharedInformer<>(
                s.client.resource(Pod.RESOURCE),
                "",
                ListOptions.ALL.withFields("spec.nodeName=" + s.node.nodeName()))
            .remember(s.paths.known().resolve("pods.json"), known -> present(known, s.cri));
    this.watch = new RuntimeWatch(s.cri, this::wake, s.metrics);
    pods.addHandler(workers);
    pods.start();
    this.threads =
        List.of(
            Thread.ofVirtual().name("pod-orphans").start(this::endOrphans),
            Thread.ofVirtual().name("pod-weights").start(this::weigh));
  }

  /**
   * Without the API server only pods are looked after that this node still has: others may have
   * been given to another node meanwhile.
   */
  private static List<Pod> present(List<Pod> known, CriClient cri) {
    Set<String> here =
        cri.podSandboxes(Map.of()).stream()
            .map(sandbox -> sandbox.getLabelsMap().get(Labels.POD_UID))
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    return known.stream().filter(pod -> here.contains(pod.metadata().uid())).toList();
  }

  private PodContext context(Settings s, RuntimeHealth health, PodVolumes volumes) {
    SecurityContexts security = new SecurityContexts(s.paths.seccomp());
    Actions actions = new Actions(s.cri, s.userAgent);
    return new PodContext(
        s.cri,
        "containerd",
        new PodRuntimes(s.cri),
        objects,
        s.paths,
        cgroups,
        volumes,
        new SubPaths(s.paths),
        new SandboxConfigs(s.paths, cgroups, s.dns, security),
        new ContainerConfigs(
            security, s.hierarchies.unified() != null, HostFacts.memory("MemTotal")),
        new Environment(objects, s.node),
        s.node,
        health::networkProblem,
        new ImagePuller(s.cri, s.clock, s.parallelPulls),
        actions,
        probeMetrics,
        new PodMetrics(s.metrics),
        new Hooks(actions),
        new ContainerLogs(s.paths),
        new BackOff(s.clock, Duration.ofSeconds(10), Duration.ofMinutes(5)),
        statuses,
        new PodEvents(recorder),
        s.clock);
  }

  private void wake(String podUid) {
    workers.wake(podUid);
  }

  /** Whatever the runtime has of pods that the API does not know ends. */
  private void endOrphans() {
    try {
      while (!pods.awaitSynced(ORPHANS)) {
        LOG.info("waiting for the list of pods");
      }
      while (true) {
        workers.endOrphans(watch.owners(), pods);
        Thread.sleep(watch.owners().isEmpty() ? Duration.ofSeconds(1) : ORPHANS);
      }
    } catch (InterruptedException e) {
      LOG.trace("orphan search ends");
    }
  }

  /** The weights of the quality-of-service groups follow the pods. */
  private void weigh() {
    try {
      while (true) {
        podsChanged.acquire();
        podsChanged.drainPermits();
        cgroups.weigh(workers.activePods());
      }
    } catch (InterruptedException e) {
      LOG.trace("weighing ends");
    }
  }

  /** How often the pods' probes succeeded and failed. */
  public MetricSource probeMetrics() {
    return probeMetrics;
  }

  /** Whether the node knows all its pods. */
  public boolean synced() {
    return pods.hasSynced();
  }

  /** The claims' volumes that pods have in place. */
  public List<ClaimVolume> claimVolumes() {
    return volumes.claims();
  }

  /** All pods of the node with the statuses known here. */
  public List<Pod> pods() {
    return workers.pods();
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    pods.close();
    watch.close();
    workers.close();
    objects.close();
    statuses.close();
    recorder.close();
  }
}
