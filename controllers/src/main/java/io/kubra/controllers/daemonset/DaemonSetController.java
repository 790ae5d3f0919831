package io.kubra.controllers.daemonset;

import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Selectors;
import io.kubra.controllers.history.Revisions;
import io.kubra.controllers.runtime.Claims;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Expectations;
import io.kubra.controllers.runtime.PodControl;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.apps.v1.ControllerRevision;
import io.kubra.model.apps.v1.DaemonSet;
import io.kubra.model.apps.v1.DaemonSetStatus;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Keeps one pod of each DaemonSet on every node it is for. The pods are created with an affinity to
 * their node; it is the scheduler that binds them.
 */
public final class DaemonSetController implements AutoCloseable {
  private static final String ACCOUNT = "daemon-set-controller";

  private final SharedInformer<DaemonSet> sets;
  private final SharedInformer<Node> nodes;
  private final ResourceClient<DaemonSet> client;
  private final Claims<Pod> pods;
  private final Revisions revisions;
  private final Expectations expectations;
  private final PodControl control;
  private final KillBackoff kills = new KillBackoff();
  private final EventRecorder events;
  private final InstantSource clock;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public DaemonSetController(ControllerContext context) {
    this.controller = context.controller("daemonset", 2, this::reconcile);
    this.sets = context.informers().informer(DaemonSet.RESOURCE);
    this.nodes = context.informers().informer(Node.RESOURCE);
    SharedInformer<Pod> podInformer = context.informers().informer(Pod.RESOURCE);
    SharedInformer<ControllerRevision> revisionInformer =
        context.informers().informer(ControllerRevision.RESOURCE);
    this.client = context.client(ACCOUNT).resource(DaemonSet.RESOURCE);
    ResourceClient<Pod> podClient = context.client(ACCOUNT).resource(Pod.RESOURCE);
    this.pods = new Claims<>(podInformer, podClient);
    this.revisions =
        new Revisions(
            revisionInformer,
            context.client(ACCOUNT).resource(ControllerRevision.RESOURCE),
            Placement.HASH);
    this.clock = context.clock();
    this.expectations = new Expectations(clock);
    this.events = context.recorder(ACCOUNT, "daemonset-controller");
    this.control = new PodControl("DaemonSet", podClient, events, expectations);
    podInformer.addHandler(control.observer());
    nodes.addHandler(new NodeObserver());
    controller
        .watch(sets)
        .watch(
            podInformer, pod -> Claims.owners(pod, "DaemonSet", sets, set -> set.spec().selector()))
        .needs(nodes)
        .needs(revisionInformer)
        .start();
  }

  /** Looks at all sets when a node comes, goes, or changes what decides placement. */
  private final class NodeObserver implements EventHandler<Node> {
    @Override
    public void onAdd(Node node) {
      sets.list().forEach(set -> controller.enqueue(set.key()));
    }

    @Override
    public void onUpdate(Node old, Node node) {
      if (!old.metadata().labels().equals(node.metadata().labels())
          || !old.spec().taints().equals(node.spec().taints())) {
        onAdd(node);
      }
    }

    @Override
    public void onDelete(Node node) {
      onAdd(node);
    }
  }

  private Duration reconcile(String key) throws InterruptedException {
    DaemonSet set = sets.getByKey(key);
    if (set == null) {
      expectations.forget(key);
      return Duration.ZERO;
    }
    if (set.metadata().deletionTimestamp() != null) {
      return Duration.ZERO;
    }
    boolean settled = expectations.met(key);
    Instant now = clock.instant();
    List<ControllerRevision> known = revisions.claim(set, client, set.spec().selector());
    int collisions = Objects.requireNonNullElse(set.status().collisionCount(), 0);
    Revisions.Current current = revisions.current(set, set.spec().template(), known, collisions);
    String hash = revisions.hash(current.revision());
    List<Pod> mine =
        pods.claim(
            set,
            client,
            pod -> Selectors.matches(set.spec().selector(), pod.metadata().labels()),
            pod -> true);
    NodePods look = new NodePods(set, hash, nodes.list(), mine, now);
    PodControl.Outcome created = new PodControl.Outcome(0, null);
    if (settled) {
      NodePods.Plan plan = look.plan();
      List<Pod> victims = new ArrayList<>(plan.superfluous());
      for (Pod pod : plan.ended()) {
        Duration wait = kills.claim(pod, now);
        if (wait.isZero()) {
          ended(set, pod);
          victims.add(pod);
        } else {
          controller.enqueueAfter(key, wait);
        }
      }
      created =
          control.create(
              set,
              plan.missing().stream()
                  .limit(PodControl.BURST)
                  .map(node -> Placement.pod(set, node, hash))
                  .toList());
      control.delete(set, victims.stream().limit(PodControl.BURST).toList());
    }
    DaemonSetStatus status = look.status(current.collisions());
    if (!status.equals(set.status())) {
      client.updateStatus(set.withStatus(status));
    }
    truncate(set, known, current.revision(), mine);
    if (created.failure() != null) {
      throw created.failure();
    }
    return look.again();
  }

  private void ended(DaemonSet set, Pod pod) {
    String which =
        "%s/%s on node %s"
            .formatted(pod.metadata().namespace(), pod.metadata().name(), Placement.nodeOf(pod));
    if ("Failed".equals(pod.status().phase())) {
      events.warning(
          set, "FailedDaemonPod", "Found failed daemon pod " + which + ", will try to kill it");
    } else {
      events.normal(
          set,
          "SucceededDaemonPod",
          "Found succeeded daemon pod " + which + ", will try to delete it");
    }
  }

  private void truncate(
      DaemonSet set, List<ControllerRevision> known, ControllerRevision current, List<Pod> mine) {
    Set<String> hashes = new HashSet<>();
    mine.stream()
        .filter(p -> !Pods.terminating(p))
        .forEach(p -> hashes.add(p.metadata().labels().getOrDefault(Placement.HASH, "")));
    Set<String> live = new HashSet<>();
    live.add(current.metadata().name());
    for (ControllerRevision revision : known) {
      if (hashes.contains(revisions.hash(revision))) {
        live.add(revision.metadata().name());
      }
    }
    revisions.truncate(
        known, live, Objects.requireNonNullElse(set.spec().revisionHistoryLimit(), 10));
  }

  @Override
  public void close() {
    controller.close();
  }
}
