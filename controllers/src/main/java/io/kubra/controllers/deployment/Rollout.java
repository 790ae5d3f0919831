package io.kubra.controllers.deployment;

import io.kubra.model.IntOrString;
import io.kubra.model.apps.v1.Deployment;
import io.kubra.model.apps.v1.DeploymentStrategy;
import io.kubra.model.apps.v1.ReplicaSet;
import io.kubra.model.apps.v1.RollingUpdateDeployment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One look at a Deployment and its ReplicaSets.
 *
 * @param deployment the Deployment
 * @param current the ReplicaSet of the present template, if there is one
 * @param old the others, oldest first
 */
record Rollout(Deployment deployment, @Nullable ReplicaSet current, List<ReplicaSet> old) {
  private static final IntOrString QUARTER = IntOrString.of("25%");

  static int replicas(ReplicaSet set) {
    Integer replicas = set.spec().replicas();
    return replicas == null ? 1 : replicas;
  }

  static int available(ReplicaSet set) {
    Integer available = set.status().availableReplicas();
    return available == null ? 0 : available;
  }

  static int ready(ReplicaSet set) {
    Integer ready = set.status().readyReplicas();
    return ready == null ? 0 : ready;
  }

  int wanted() {
    Integer replicas = deployment.spec().replicas();
    return replicas == null ? 1 : replicas;
  }

  boolean recreate() {
    DeploymentStrategy strategy = deployment.spec().strategy();
    return strategy != null && "Recreate".equals(strategy.type());
  }

  boolean paused() {
    return Boolean.TRUE.equals(deployment.spec().paused());
  }

  /** All sets, the current one included. */
  List<ReplicaSet> all() {
    List<ReplicaSet> all = new java.util.ArrayList<>(old);
    if (current != null) {
      all.add(current);
    }
    return all;
  }

  /** Old sets that still have or want pods. */
  List<ReplicaSet> activeOld() {
    return old.stream().filter(set -> replicas(set) > 0).toList();
  }

  int maxSurge() {
    return recreate() ? 0 : surge();
  }

  private int surge() {
    RollingUpdateDeployment rolling = rolling();
    IntOrString surge = rolling == null ? null : rolling.maxSurge();
    return (surge == null ? QUARTER : surge).scaled(wanted(), true);
  }

  /** How many pods may be missing; at least one where nothing may be added either. */
  int maxUnavailable() {
    if (recreate() || wanted() == 0) {
      return 0;
    }
    RollingUpdateDeployment rolling = rolling();
    IntOrString value = rolling == null ? null : rolling.maxUnavailable();
    int unavailable = (value == null ? QUARTER : value).scaled(wanted(), false);
    if (unavailable == 0 && surge() == 0) {
      return 1;
    }
    return Math.min(unavailable, wanted());
  }

  private @Nullable RollingUpdateDeployment rolling() {
    DeploymentStrategy strategy = deployment.spec().strategy();
    return strategy == null ? null : strategy.rollingUpdate();
  }

  int totalReplicas() {
    return all().stream().mapToInt(Rollout::replicas).sum();
  }

  int totalAvailable() {
    return all().stream().mapToInt(Rollout::available).sum();
  }

  /** How many pods the current set may have now without exceeding the surge. */
  int currentTarget(ReplicaSet set) {
    if (recreate()) {
      return wanted();
    }
    int most = wanted() + maxSurge();
    int total = totalReplicas();
    if (total >= most) {
      return replicas(set);
    }
    return replicas(set) + Math.min(most - total, wanted() - replicas(set));
  }

  /** Whether every wanted pod runs the present template, is available, and nothing old is left. */
  boolean complete() {
    return current != null
        && current.status().replicas() == wanted()
        && all().stream().mapToInt(s -> s.status().replicas()).sum() == wanted()
        && totalAvailable() == wanted();
  }
}
