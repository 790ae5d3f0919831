package io.kubra.controllers.deployment;

import io.kubra.model.apps.v1.ReplicaSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows a change of size: while a rollout is under way, every set grows or shrinks by its share,
 * so that the risk of the rollout stays what it was.
 */
final class ProportionalScaling {
  private final ReplicaSets sets;

  ProportionalScaling(ReplicaSets sets) {
    this.sets = sets;
  }

  /** Whether the Deployment's size changed since its sets were last scaled. */
  static boolean needed(Rollout rollout) {
    for (ReplicaSet set : rollout.all()) {
      if (Rollout.replicas(set) == 0) {
        continue;
      }
      String desired = set.metadata().annotations().get(ReplicaSets.DESIRED);
      if (desired != null && !desired.equals(Integer.toString(rollout.wanted()))) {
        return true;
      }
    }
    return false;
  }

  void scale(Rollout rollout) {
    List<ReplicaSet> active = rollout.all().stream().filter(s -> Rollout.replicas(s) > 0).toList();
    ReplicaSet current = rollout.current();
    if (active.size() <= 1) {
      ReplicaSet only = active.isEmpty() ? latest(rollout) : active.getFirst();
      if (only != null) {
        sets.scale(rollout, only, rollout.wanted());
      }
      return;
    }
    if (current != null && saturated(rollout, current)) {
      for (ReplicaSet set : rollout.activeOld()) {
        sets.scale(rollout, set, 0);
      }
      sets.scale(rollout, current, rollout.wanted());
      return;
    }
    if (!rollout.recreate()) {
      share(rollout, active);
    }
  }

  private static @Nullable ReplicaSet latest(Rollout rollout) {
    ReplicaSet current = rollout.current();
    return current != null
        ? current
        : rollout.old().stream().max(Comparator.comparingLong(ReplicaSets::revision)).orElse(null);
  }

  private static boolean saturated(Rollout rollout, ReplicaSet current) {
    return Integer.toString(rollout.wanted())
            .equals(current.metadata().annotations().get(ReplicaSets.DESIRED))
        && Rollout.replicas(current) == rollout.wanted()
        && Rollout.available(current) == rollout.wanted();
  }

  private void share(Rollout rollout, List<ReplicaSet> active) {
    int total = active.stream().mapToInt(Rollout::replicas).sum();
    int allowed = rollout.wanted() > 0 ? rollout.wanted() + rollout.maxSurge() : 0;
    int change = allowed - total;
    List<ReplicaSet> order = new ArrayList<>(active);
    Comparator<ReplicaSet> bySize = Comparator.comparingInt(Rollout::replicas);
    // The largest first; among equals the newest gains first and the oldest loses first.
    order.sort(
        bySize
            .reversed()
            .thenComparing(change > 0 ? ReplicaSets.byAge().reversed() : ReplicaSets.byAge()));
    List<Integer> sizes = new ArrayList<>();
    int left = change;
    for (ReplicaSet set : order) {
      int part = change == 0 ? 0 : part(rollout, set, change, left);
      sizes.add(Rollout.replicas(set) + part);
      left -= part;
    }
    // What rounding left over goes to the first.
    sizes.set(0, Math.max(0, sizes.getFirst() + left));
    for (int i = 0; i < order.size(); i++) {
      sets.scale(rollout, order.get(i), sizes.get(i));
    }
  }

  private static int part(Rollout rollout, ReplicaSet set, int change, int left) {
    int size = Rollout.replicas(set);
    int before;
    try {
      before =
          Integer.parseInt(set.metadata().annotations().getOrDefault(ReplicaSets.MAXIMUM, "0"));
    } catch (NumberFormatException e) {
      before = 0;
    }
    int base = before > 0 ? before : Math.max(1, rollout.totalReplicas());
    int target = (int) Math.round((double) size * (rollout.wanted() + rollout.maxSurge()) / base);
    int part = target - size;
    return change > 0
        ? Math.clamp(part, 0, Math.max(0, left))
        : Math.clamp(part, Math.min(0, left), 0);
  }
}
