package io.kubra.controllers.statefulset;

import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Selectors;
import io.kubra.controllers.history.Revisions;
import io.kubra.controllers.runtime.Claims;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Owners;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.apps.v1.ControllerRevision;
import io.kubra.model.apps.v1.StatefulSet;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Keeps StatefulSets: pods with stable names and claims, created, updated and deleted in order. */
public final class StatefulSetController implements AutoCloseable {
  private static final String ACCOUNT = "statefulset-controller";

  private final SharedInformer<StatefulSet> sets;
  private final ResourceClient<StatefulSet> client;
  private final Claims<Pod> pods;
  private final Revisions revisions;
  private final ClaimControl claims;
  private final PodWriter writer;
  private final StatefulSetStatusWriter status;
  private final EventRecorder events;
  private final InstantSource clock;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public StatefulSetController(ControllerContext context) {
    this.controller = context.controller("statefulset", 5, this::reconcile);
    this.sets = context.informers().informer(StatefulSet.RESOURCE);
    this.client = context.client(ACCOUNT).resource(StatefulSet.RESOURCE);
    SharedInformer<Pod> podInformer = context.informers().informer(Pod.RESOURCE);
    SharedInformer<PersistentVolumeClaim> claimInformer =
        context.informers().informer(PersistentVolumeClaim.RESOURCE);
    SharedInformer<ControllerRevision> revisionInformer =
        context.informers().informer(ControllerRevision.RESOURCE);
    ResourceClient<Pod> podClient = context.client(ACCOUNT).resource(Pod.RESOURCE);
    this.pods = new Claims<>(podInformer, podClient);
    this.revisions =
        new Revisions(
            revisionInformer,
            context.client(ACCOUNT).resource(ControllerRevision.RESOURCE),
            "controller.kubernetes.io/hash");
    this.events = context.recorder(ACCOUNT, "statefulset-controller");
    this.claims =
        new ClaimControl(
            claimInformer,
            context.client(ACCOUNT).resource(PersistentVolumeClaim.RESOURCE),
            events);
    this.writer = new PodWriter(podClient, claims, events);
    this.status = new StatefulSetStatusWriter(client);
    this.clock = context.clock();
    controller
        .watch(sets)
        .watch(
            podInformer,
            pod -> Claims.owners(pod, "StatefulSet", sets, set -> set.spec().selector()))
        .needs(claimInformer)
        .needs(revisionInformer)
        // A claim that goes may be what a new pod of its name waits for.
        .watch(claimInformer, claim -> Owners.keysOf(claim, "StatefulSet"))
        .start();
  }

  private Duration reconcile(String key) {
    StatefulSet set = sets.getByKey(key);
    if (set == null) {
      return Duration.ZERO;
    }
    Instant now = clock.instant();
    List<ControllerRevision> known = revisions.claim(set, client, set.spec().selector());
    List<Pod> mine =
        pods.claim(
            set,
            client,
            pod ->
                Identity.memberOf(set, pod)
                    && Selectors.matches(set.spec().selector(), pod.metadata().labels()),
            pod -> true);
    if (set.metadata().deletionTimestamp() != null) {
      return Duration.ZERO;
    }
    int collisions = Objects.requireNonNullElse(set.status().collisionCount(), 0);
    Revisions.Current update = revisions.current(set, set.spec().template(), known, collisions);
    ControllerRevision current =
        known.stream()
            .filter(r -> r.metadata().name().equals(set.status().currentRevision()))
            .findFirst()
            .orElse(update.revision());
    SetSync sync = new SetSync(set, mine, current, update.revision(), now, writer, claims, events);
    StatefulSet stored;
    try {
      sync.run();
    } finally {
      stored = status.write(set, mine, current, update, sync.deletedForUpdate(), now);
    }
    Set<String> live = new HashSet<>();
    live.add(current.metadata().name());
    live.add(update.revision().metadata().name());
    mine.forEach(pod -> live.add(Identity.revision(pod)));
    revisions.truncate(
        known, live, Objects.requireNonNullElse(set.spec().revisionHistoryLimit(), 10));
    return again(stored, mine, now);
  }

  /** Pods that are ready but not yet available become so without any change to be seen. */
  private static Duration again(StatefulSet set, List<Pod> pods, Instant now) {
    int least = Objects.requireNonNullElse(set.spec().minReadySeconds(), 0);
    boolean waits =
        pods.stream()
            .anyMatch(
                p -> Pods.ready(p) && !Pods.terminating(p) && !Identity.available(set, p, now));
    return waits && least > 0 ? Duration.ofSeconds(least) : Duration.ZERO;
  }

  @Override
  public void close() {
    controller.close();
  }
}
