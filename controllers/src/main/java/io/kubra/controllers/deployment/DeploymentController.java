package io.kubra.controllers.deployment;

import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Selectors;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Owners;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.apps.v1.Deployment;
import io.kubra.model.apps.v1.ReplicaSet;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.LabelSelector;
import io.kubra.model.meta.v1.OwnerReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a Deployment's pods on its template by way of ReplicaSets: one for each revision, the
 * current one grown while the others shrink.
 */
public final class DeploymentController implements AutoCloseable {
  private static final String ACCOUNT = "deployment-controller";
  private static final String OWNER_UID = "deployment-owner-uid";

  private final SharedInformer<Deployment> deployments;
  private final SharedInformer<ReplicaSet> sets;
  private final SharedInformer<Pod> pods;
  private final ResourceClient<ReplicaSet> setClient;
  private final ReplicaSets replicaSets;
  private final RollingUpdate rolling;
  private final ProportionalScaling scaling;
  private final DeploymentStatusWriter status;
  private final EventRecorder events;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public DeploymentController(ControllerContext context) {
    this.deployments = context.informers().informer(Deployment.RESOURCE);
    this.sets =
        context
            .informers()
            .informer(ReplicaSet.RESOURCE)
            .index(
                OWNER_UID,
                set -> {
                  OwnerReference owner = Owners.controllerOf(set);
                  return owner == null
                      ? List.of("orphans/" + set.metadata().namespace())
                      : List.of(owner.uid());
                });
    this.pods = context.informers().informer(Pod.RESOURCE);
    this.setClient = context.client(ACCOUNT).resource(ReplicaSet.RESOURCE);
    ResourceClient<Deployment> client = context.client(ACCOUNT).resource(Deployment.RESOURCE);
    this.events = context.recorder(ACCOUNT, "deployment-controller");
    this.replicaSets = new ReplicaSets(setClient, client, events);
    this.rolling = new RollingUpdate(replicaSets);
    this.scaling = new ProportionalScaling(replicaSets);
    this.status = new DeploymentStatusWriter(client, context.clock());
    this.controller = context.controller("deployment", 5, this::reconcile);
    controller
        .watch(deployments)
        .watch(sets, this::deploymentsOf)
        .watch(pods, this::recreatedBy)
        .start();
  }

  private List<String> deploymentsOf(ReplicaSet set) {
    if (Owners.controllerOf(set) != null) {
      return Owners.keysOf(set, "Deployment");
    }
    return deployments.list(set.metadata().namespace()).stream()
        .filter(d -> Selectors.matches(d.spec().selector(), set.metadata().labels()))
        .map(Deployment::key)
        .toList();
  }

  /** With the Recreate strategy the next revision waits for the last pod to go. */
  private List<String> recreatedBy(Pod pod) {
    List<String> keys = new ArrayList<>();
    for (String setKey : Owners.keysOf(pod, "ReplicaSet")) {
      ReplicaSet set = sets.getByKey(setKey);
      if (set != null) {
        for (String key : Owners.keysOf(set, "Deployment")) {
          Deployment deployment = deployments.getByKey(key);
          if (deployment != null && new Rollout(deployment, null, List.of()).recreate()) {
            keys.add(key);
          }
        }
      }
    }
    return keys;
  }

  private Duration reconcile(String key) {
    Deployment deployment = deployments.getByKey(key);
    if (deployment == null) {
      return Duration.ZERO;
    }
    LabelSelector selector = deployment.spec().selector();
    if (selector == null
        || (selector.matchLabels().isEmpty() && selector.matchExpressions().isEmpty())) {
      events.warning(
          deployment,
          "SelectingAll",
          "This deployment is selecting all pods. A non-empty selector is required.");
      return Duration.ZERO;
    }
    List<ReplicaSet> all = claim(deployment);
    ReplicaSet current = ReplicaSets.current(deployment, all);
    Rollout rollout = new Rollout(deployment, current, without(all, current));
    if (deployment.metadata().deletionTimestamp() != null) {
      return status.write(rollout, false);
    }
    if (rollout.paused() || ProportionalScaling.needed(rollout)) {
      scaling.scale(rollout);
      return status.write(rollout, false);
    }
    return rollout.recreate() ? recreate(rollout) : roll(rollout);
  }

  private Duration roll(Rollout rollout) {
    boolean created = rollout.current() == null;
    Rollout full = replicaSets.withCurrent(rollout);
    if (!created) {
      rolling.step(full);
    }
    if (full.complete()) {
      replicaSets.discardHistory(full);
    }
    return status.write(full, created);
  }

  private Duration recreate(Rollout rollout) {
    boolean shrinking = false;
    for (ReplicaSet set : rollout.activeOld()) {
      replicaSets.scale(rollout, set, 0);
      shrinking = true;
    }
    if (shrinking || oldPodsRun(rollout)) {
      return status.write(rollout, false);
    }
    boolean created = rollout.current() == null;
    Rollout full = replicaSets.withCurrent(rollout);
    ReplicaSet current = full.current();
    if (current != null) {
      replicaSets.scale(full, current, full.wanted());
    }
    if (full.complete()) {
      replicaSets.discardHistory(full);
    }
    return status.write(full, created);
  }

  private boolean oldPodsRun(Rollout rollout) {
    List<String> old = rollout.old().stream().map(s -> s.metadata().uid()).toList();
    return pods.list(rollout.deployment().metadata().namespace()).stream()
        .filter(pod -> !Pods.finished(pod))
        .map(Owners::controllerOf)
        .anyMatch(owner -> owner != null && old.contains(owner.uid()));
  }

  private static boolean isSame(ReplicaSet one, ReplicaSet other) {
    return one.metadata().uid().equals(other.metadata().uid());
  }

  private static List<ReplicaSet> without(List<ReplicaSet> all, @Nullable ReplicaSet current) {
    return all.stream()
        .filter(s -> current == null || !isSame(s, current))
        .sorted(ReplicaSets.byAge())
        .toList();
  }

  private List<ReplicaSet> claim(Deployment deployment) {
    boolean deleting = deployment.metadata().deletionTimestamp() != null;
    List<ReplicaSet> mine = new ArrayList<>();
    for (ReplicaSet set : sets.byIndex(OWNER_UID, deployment.metadata().uid())) {
      if (Selectors.matches(deployment.spec().selector(), set.metadata().labels())) {
        mine.add(set);
      } else if (!deleting && set.metadata().deletionTimestamp() == null) {
        Owners.release(setClient, set, deployment);
      }
    }
    if (!deleting) {
      for (ReplicaSet set :
          sets.byIndex(OWNER_UID, "orphans/" + deployment.metadata().namespace())) {
        if (set.metadata().deletionTimestamp() == null
            && Selectors.matches(deployment.spec().selector(), set.metadata().labels())) {
          mine.add(Owners.adopt(setClient, set, deployment));
        }
      }
    }
    return mine;
  }

  @Override
  public void close() {
    controller.close();
  }
}
