package io.kubra.controllers.deployment;

import io.kubra.model.apps.v1.ReplicaSet;
import java.util.List;

/**
 * One step of a rolling update: up as far as the surge allows, then down as far as availability
 * does.
 */
final class RollingUpdate {
  private final ReplicaSets sets;

  RollingUpdate(ReplicaSets sets) {
    this.sets = sets;
  }

  void step(Rollout rollout) {
    ReplicaSet current = rollout.current();
    if (current == null) {
      return;
    }
    int size = Rollout.replicas(current);
    int target = size > rollout.wanted() ? rollout.wanted() : rollout.currentTarget(current);
    if (target != size) {
      sets.scale(rollout, current, target);
      return;
    }
    sets.scale(rollout, current, size);
    shrinkOld(rollout, current);
  }

  private void shrinkOld(Rollout rollout, ReplicaSet current) {
    List<ReplicaSet> old = rollout.activeOld();
    if (old.isEmpty()) {
      return;
    }
    int least = rollout.wanted() - rollout.maxUnavailable();
    int unavailable = Rollout.replicas(current) - Rollout.available(current);
    int removable = rollout.totalReplicas() - least - unavailable;
    if (removable <= 0) {
      return;
    }
    List<ReplicaSet> healthy = dropUnhealthy(rollout, old, removable);
    Rollout after = new Rollout(rollout.deployment(), current, healthy);
    int budget = after.totalAvailable() - least;
    for (ReplicaSet set : healthy.stream().sorted(ReplicaSets.byAge()).toList()) {
      if (budget <= 0) {
        return;
      }
      int down = Math.min(Rollout.replicas(set), budget);
      if (down > 0) {
        sets.scale(rollout, set, Rollout.replicas(set) - down);
        budget -= down;
      }
    }
  }

  /** Pods that do not serve go first: they cost nothing. */
  private List<ReplicaSet> dropUnhealthy(Rollout rollout, List<ReplicaSet> old, int removable) {
    int left = removable;
    List<ReplicaSet> result = new java.util.ArrayList<>();
    for (ReplicaSet set : old.stream().sorted(ReplicaSets.byAge()).toList()) {
      int size = Rollout.replicas(set);
      int down = Math.min(left, size - Math.min(size, Rollout.available(set)));
      if (down > 0) {
        result.add(sets.scale(rollout, set, size - down));
        left -= down;
      } else {
        result.add(set);
      }
    }
    return result;
  }
}
