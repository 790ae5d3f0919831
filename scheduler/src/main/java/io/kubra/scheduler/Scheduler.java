package io.kubra.scheduler;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.InformerFactory;
import io.kubra.client.informer.SharedInformer;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.core.v1.Binding;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.ObjectReference;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodCondition;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.scheduler.cluster.ClusterState;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.metrics.ExtensionPoint;
import io.kubra.scheduler.metrics.SchedulerMetrics;
import io.kubra.scheduler.metrics.SchedulerMetrics.Result;
import io.kubra.scheduler.plugin.Profile;
import io.kubra.scheduler.queue.PodQueue;
import io.kubra.scheduler.volume.ClusterVolumes;
import io.kubra.scheduler.volume.VolumeBinder;
import io.kubra.scheduler.volume.VolumeBindingException;
import io.kubra.scheduler.volume.VolumePlan;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assigns pods to nodes. Informers put changes of the cluster into a list that the scheduling
 * thread works off before each decision, so that the cluster's state needs no lock.
 */
public final class Scheduler implements AutoCloseable {
  /** The scheduler that pods name when they name none. */
  public static final String NAME = "default-scheduler";

  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  private static final int BINDINGS_AT_ONCE = 64;

  private final ResourceClient<Pod> pods;
  private final SharedInformer<Node> nodeInformer;
  private final SharedInformer<Pod> podInformer;
  private final InformerFactory informers;
  private final EventRecorder events;
  private final InstantSource clock;
  private final ClusterVolumes volumes;
  private final VolumeBinder binder;
  private final SchedulerMetrics metrics;
  private final Placement placement;
  private final ClusterState cluster = new ClusterState();
  private final ConcurrentLinkedQueue<Runnable> changes = new ConcurrentLinkedQueue<>();
  private final PodQueue queue;
  private final Semaphore bindings = new Semaphore(BINDINGS_AT_ONCE);
  private final Thread thread;

  private Scheduler(ApiClient client, MetricRegistry registry) {
    this.clock = InstantSource.system();
    this.metrics = new SchedulerMetrics(registry, NAME);
    this.queue = new PodQueue(clock, metrics);
    this.pods = client.resource(Pod.RESOURCE);
    this.informers = new InformerFactory(client);
    this.nodeInformer = informers.informer(Node.RESOURCE);
    this.podInformer = informers.informer(Pod.RESOURCE);
    this.events = new EventRecorder(client, NAME, "");
    this.volumes = new ClusterVolumes(informers, () -> queue.wake("VolumeChange"));
    this.binder = new VolumeBinder(client, volumes);
    this.placement = new Placement(Profile.defaults(volumes), metrics);
    nodeInformer.addHandler(new NodeHandler());
    podInformer.addHandler(new PodHandler());
    metrics.pending(SchedulerMetrics.Queue.GATED, this::gated);
    informers.start();
    this.thread = Thread.ofVirtual().name("scheduler").start(this::run);
  }

  /**
   * Starts a scheduler over a client.
   *
   * @param metrics where it counts
   */
  public static Scheduler start(ApiClient client, MetricRegistry metrics) {
    return new Scheduler(client, metrics);
  }

  private long gated() {
    return podInformer.list().stream()
        .filter(pod -> !assigned(pod) && !pod.spec().schedulingGates().isEmpty())
        .count();
  }

  private static boolean ended(Pod pod) {
    return "Succeeded".equals(pod.status().phase()) || "Failed".equals(pod.status().phase());
  }

  private static boolean assigned(Pod pod) {
    return pod.spec().nodeName() != null && !pod.spec().nodeName().isEmpty();
  }

  private static boolean ours(Pod pod) {
    String name = pod.spec().schedulerName();
    return (name == null || name.equals(NAME))
        && pod.metadata().deletionTimestamp() == null
        && pod.spec().schedulingGates().isEmpty()
        && !ended(pod);
  }

  private final class NodeHandler implements EventHandler<Node> {
    @Override
    public void onAdd(Node node) {
      changes.add(() -> cluster.put(node));
      queue.wake("NodeAdd");
    }

    @Override
    public void onUpdate(Node old, Node node) {
      changes.add(() -> cluster.put(node));
      // Heartbeats help no pod.
      if (!old.spec().equals(node.spec())
          || !old.metadata().labels().equals(node.metadata().labels())
          || !old.status().allocatable().equals(node.status().allocatable())) {
        queue.wake("NodeUpdate");
      }
    }

    @Override
    public void onDelete(Node node) {
      changes.add(() -> cluster.remove(node));
    }
  }

  private final class PodHandler implements EventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      String uid = pod.metadata().uid();
      if (assigned(pod)) {
        queue.placed(uid);
        if (ended(pod)) {
          gone(uid);
        } else {
          String node = String.valueOf(pod.spec().nodeName());
          changes.add(() -> cluster.put(pod, node));
        }
      } else if (ours(pod)) {
        queue.put(pod);
      } else {
        queue.remove(uid);
      }
    }

    @Override
    public void onUpdate(Pod old, Pod pod) {
      if (!old.metadata().uid().equals(pod.metadata().uid())) {
        onDelete(old);
      }
      onAdd(pod);
      // A newly placed pod, or other labels, may be what another pod's affinity waits for.
      if (assigned(pod)
          && (!assigned(old) || !old.metadata().labels().equals(pod.metadata().labels()))) {
        queue.wake(assigned(old) ? "AssignedPodUpdate" : "AssignedPodAdd");
      }
    }

    @Override
    public void onDelete(Pod pod) {
      queue.remove(pod.metadata().uid());
      if (assigned(pod)) {
        gone(pod.metadata().uid());
      }
    }

    private void gone(String uid) {
      changes.add(() -> cluster.remove(uid));
      queue.wake("AssignedPodDelete");
    }
  }

  private void run() {
    try {
      nodeInformer.awaitSynced(Duration.ofDays(1));
      podInformer.awaitSynced(Duration.ofDays(1));
      volumes.awaitSynced();
      while (true) {
        Pod pod = queue.take();
        long moves = queue.moves();
        long began = System.nanoTime();
        applyChanges();
        try {
          schedule(pod, moves, began);
        } catch (RuntimeException e) {
          LOG.error("scheduling {} failed", pod.key(), e);
          metrics.attempted(Result.ERROR, began);
          queue.retry(pod);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("scheduler ends");
    }
  }

  private void applyChanges() {
    for (Runnable change = changes.poll(); change != null; change = changes.poll()) {
      change.run();
    }
  }

  private void schedule(Pod pod, long moves, long began) throws InterruptedException {
    Decision decision = placement.decide(pod, cluster.nodes());
    metrics.decided(began);
    switch (decision) {
      case Decision.Assigned(String node) -> {
        Pod assumed = pod.withSpec(pod.spec().toBuilder().nodeName(node).build());
        VolumePlan plan = reserve(pod, node);
        cluster.put(assumed, node);
        if (plan.isEmpty()) {
          bindings.acquire();
          Thread.ofVirtual().name("bind").start(() -> bind(pod, node, began));
        } else {
          Thread.ofVirtual().name("bind-volumes").start(() -> bindVolumes(pod, node, plan, began));
        }
      }
      case Decision.Refused refusal -> {
        Thread.ofVirtual().name("unschedulable").start(() -> report(pod, refusal.message()));
        metrics.attempted(Result.UNSCHEDULABLE, began);
        queue.park(pod, moves);
      }
      case Decision.Unschedulable failure -> {
        Thread.ofVirtual().name("unschedulable").start(() -> report(pod, failure.message()));
        metrics.attempted(Result.UNSCHEDULABLE, began);
        queue.park(pod, moves);
      }
    }
  }

  private VolumePlan reserve(Pod pod, String name) {
    for (NodeState state : cluster.nodes()) {
      Node node = state.node();
      if (state.name().equals(name) && node != null) {
        long began = System.nanoTime();
        VolumePlan plan = binder.reserve(pod, node);
        metrics.step(ExtensionPoint.RESERVE, Result.SCHEDULED, began);
        return plan;
      }
    }
    return VolumePlan.NONE;
  }

  /** Volumes may take minutes; pods that wait for theirs must not keep others from being bound. */
  private void bindVolumes(Pod pod, String node, VolumePlan plan, long began) {
    long binding = System.nanoTime();
    try {
      binder.bind(plan);
      metrics.step(ExtensionPoint.PRE_BIND, Result.SCHEDULED, binding);
      bindings.acquire();
    } catch (VolumeBindingException | ApiException | UncheckedIOException e) {
      metrics.step(ExtensionPoint.PRE_BIND, Result.ERROR, binding);
      metrics.attempted(Result.ERROR, began);
      binder.release(plan);
      changes.add(() -> cluster.remove(pod.metadata().uid()));
      String message =
          "running PreBind plugin \"VolumeBinding\": binding volumes: " + e.getMessage();
      report(pod, message);
      queue.retry(pod);
      return;
    } catch (InterruptedException e) {
      binder.release(plan);
      return;
    }
    binder.release(plan);
    bind(pod, node, began);
  }

  private void bind(Pod pod, String node, long began) {
    ObjectMeta metadata = pod.metadata();
    long binding = System.nanoTime();
    try {
      pods.createSubresource(
          metadata.namespace(),
          metadata.name(),
          "binding",
          Binding.builder()
              .metadata(
                  ObjectMeta.builder()
                      .namespace(metadata.namespace())
                      .name(metadata.name())
                      .uid(metadata.uid())
                      .build())
              .target(ObjectReference.builder().kind("Node").name(node).build())
              .build());
      events.normal(pod, "Scheduled", "Successfully assigned %s to %s".formatted(pod.key(), node));
      metrics.step(ExtensionPoint.BIND, Result.SCHEDULED, binding);
      metrics.attempted(Result.SCHEDULED, began);
      queue.placed(metadata.uid());
    } catch (ApiException | UncheckedIOException e) {
      changes.add(() -> cluster.remove(metadata.uid()));
      boolean moot =
          e instanceof ApiException status && (status.code() == 404 || status.code() == 409);
      if (moot) {
        LOG.debug("{} is gone or placed already: {}", pod.key(), e.getMessage());
        queue.remove(metadata.uid());
      } else {
        metrics.step(ExtensionPoint.BIND, Result.ERROR, binding);
        metrics.attempted(Result.ERROR, began);
        events.warning(pod, "FailedScheduling", "binding rejected: " + e.getMessage());
        queue.retry(pod);
      }
    } finally {
      bindings.release();
    }
  }

  private void report(Pod pod, String message) {
    events.warning(pod, "FailedScheduling", message);
    PodCondition known = null;
    List<PodCondition> conditions = new ArrayList<>();
    for (PodCondition condition : pod.status().conditions()) {
      if (condition.type().equals("PodScheduled")) {
        known = condition;
      } else {
        conditions.add(condition);
      }
    }
    if (known != null && known.status().equals("False") && message.equals(known.message())) {
      return;
    }
    Instant since =
        known != null && known.status().equals("False") && known.lastTransitionTime() != null
            ? known.lastTransitionTime()
            : clock.instant();
    conditions.add(
        PodCondition.builder()
            .type("PodScheduled")
            .status("False")
            .reason("Unschedulable")
            .message(message)
            .lastTransitionTime(since)
            .build());
    try {
      pods.updateStatus(pod.withStatus(pod.status().toBuilder().conditions(conditions).build()));
    } catch (ApiException | UncheckedIOException e) {
      LOG.debug("condition of {} not written: {}", pod.key(), e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    informers.close();
    events.close();
  }
}
