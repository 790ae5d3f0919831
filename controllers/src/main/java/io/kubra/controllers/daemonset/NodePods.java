package io.kubra.controllers.daemonset;

import io.kubra.controllers.runtime.Pods;
import io.kubra.model.IntOrString;
import io.kubra.model.apps.v1.DaemonSet;
import io.kubra.model.apps.v1.DaemonSetStatus;
import io.kubra.model.apps.v1.DaemonSetUpdateStrategy;
import io.kubra.model.apps.v1.RollingUpdateDaemonSet;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One look at a DaemonSet: which of its pods are on which node, and what is to be done. */
final class NodePods {
  /**
   * What is to be done.
   *
   * @param missing nodes that need a pod
   * @param superfluous pods to delete
   * @param ended pods that ended although daemons never should, to delete after a while
   */
  record Plan(List<String> missing, List<Pod> superfluous, List<Pod> ended) {}

  private final DaemonSet set;
  private final String hash;
  private final List<Node> nodes;
  private final Map<String, List<Pod>> byNode = new HashMap<>();
  private final Instant now;
  private final int minReady;
  private int wanted;

  NodePods(DaemonSet set, String hash, List<Node> nodes, List<Pod> pods, Instant now) {
    this.set = set;
    this.hash = hash;
    this.nodes = nodes;
    this.now = now;
    this.minReady = Objects.requireNonNullElse(set.spec().minReadySeconds(), 0);
    for (Pod pod : pods) {
      byNode.computeIfAbsent(Placement.nodeOf(pod), n -> new ArrayList<>()).add(pod);
    }
    for (Node node : nodes) {
      wanted += Placement.of(set, node).run() ? 1 : 0;
    }
  }

  private List<Pod> on(Node node) {
    return byNode.getOrDefault(node.metadata().name(), List.of());
  }

  private boolean updated(Pod pod) {
    return hash.equals(pod.metadata().labels().get(Placement.HASH));
  }

  private boolean available(Pod pod) {
    return Pods.active(pod) && Pods.available(pod, minReady, now);
  }

  private @Nullable RollingUpdateDaemonSet rolling() {
    DaemonSetUpdateStrategy strategy = set.spec().updateStrategy();
    return strategy == null || "OnDelete".equals(strategy.type()) ? null : strategy.rollingUpdate();
  }

  private static int scaled(@Nullable IntOrString value, int total) {
    return value == null ? 0 : value.scaled(total, true);
  }

  Plan plan() {
    List<String> missing = new ArrayList<>();
    List<Pod> superfluous = new ArrayList<>();
    List<Pod> ended = new ArrayList<>();
    for (Node node : nodes) {
      Placement placement = Placement.of(set, node);
      List<Pod> there = on(node);
      List<Pod> finished =
          there.stream().filter(p -> Pods.finished(p) && !Pods.terminating(p)).toList();
      List<Pod> active = there.stream().filter(Pods::active).toList();
      if (placement.keep()) {
        ended.addAll(finished);
      }
      if (!placement.keep()) {
        superfluous.addAll(active);
      } else if (placement.run() && there.isEmpty()) {
        missing.add(node.metadata().name());
      } else if (active.size() > 1) {
        superfluous.addAll(surplus(active));
      }
    }
    roll(missing, superfluous);
    return new Plan(missing, superfluous, ended);
  }

  /** All but one pod of a node; while an update surges, an old pod stays until its successor is. */
  private List<Pod> surplus(List<Pod> active) {
    Comparator<Pod> age =
        Comparator.comparing(
                (Pod p) ->
                    Objects.requireNonNullElse(p.metadata().creationTimestamp(), Instant.MAX))
            .thenComparing(p -> p.metadata().name());
    List<Pod> fresh = active.stream().filter(this::updated).sorted(age).toList();
    List<Pod> old = active.stream().filter(p -> !updated(p)).sorted(age).toList();
    List<Pod> surplus = new ArrayList<>(fresh.subList(Math.min(1, fresh.size()), fresh.size()));
    RollingUpdateDaemonSet rolling = rolling();
    boolean surges = rolling != null && scaled(rolling.maxSurge(), wanted) > 0;
    if (!surges) {
      // The oldest pod stays, whatever its template; the update is not this step's business.
      return active.stream().sorted(age).skip(1).toList();
    }
    boolean replaced = !fresh.isEmpty() && available(fresh.getFirst());
    int keep = replaced ? 0 : 1;
    surplus.addAll(old.subList(Math.min(keep, old.size()), old.size()));
    return surplus;
  }

  /** The rolling update: deletes old pods, or adds new ones beside them, as far as is allowed. */
  private void roll(List<String> missing, List<Pod> superfluous) {
    RollingUpdateDaemonSet rolling = rolling();
    if (rolling == null) {
      return;
    }
    int surge = scaled(rolling.maxSurge(), wanted);
    int unavailable = scaled(rolling.maxUnavailable(), wanted);
    if (surge > 0) {
      surge(surge, missing, superfluous);
      return;
    }
    int down = 0;
    List<Pod> candidates = new ArrayList<>();
    for (Node node : nodes) {
      if (!Placement.of(set, node).run()) {
        continue;
      }
      List<Pod> active =
          on(node).stream().filter(Pods::active).filter(p -> !superfluous.contains(p)).toList();
      boolean up = active.stream().anyMatch(this::available);
      down += up ? 0 : 1;
      for (Pod pod : active) {
        if (updated(pod)) {
          continue;
        }
        if (up) {
          candidates.add(pod);
        } else {
          // It serves nobody: to replace it costs nothing.
          superfluous.add(pod);
        }
      }
    }
    int allowed = Math.max(0, Math.max(unavailable, 1) - down);
    superfluous.addAll(candidates.subList(0, Math.min(allowed, candidates.size())));
  }

  private void surge(int most, List<String> missing, List<Pod> superfluous) {
    int surging = 0;
    List<String> candidates = new ArrayList<>();
    for (Node node : nodes) {
      if (!Placement.of(set, node).run()) {
        continue;
      }
      List<Pod> active =
          on(node).stream().filter(Pods::active).filter(p -> !superfluous.contains(p)).toList();
      List<Pod> old = active.stream().filter(p -> !updated(p)).toList();
      boolean successor = active.stream().anyMatch(this::updated);
      if (old.isEmpty()) {
        continue;
      }
      if (successor) {
        surging++;
      } else if (old.stream().noneMatch(this::available)) {
        missing.add(node.metadata().name());
      } else {
        candidates.add(node.metadata().name());
      }
    }
    int allowed = Math.max(0, most - surging);
    missing.addAll(candidates.subList(0, Math.min(allowed, candidates.size())));
  }

  DaemonSetStatus status(int collisions) {
    int scheduled = 0;
    int misplaced = 0;
    int ready = 0;
    int available = 0;
    int updated = 0;
    for (Node node : nodes) {
      boolean run = Placement.of(set, node).run();
      List<Pod> there = on(node);
      if (!run) {
        misplaced += there.isEmpty() ? 0 : 1;
        continue;
      }
      if (there.isEmpty()) {
        continue;
      }
      scheduled++;
      Pod pod =
          there.stream()
              .max(Comparator.comparing(this::available).thenComparing(this::updated))
              .orElseThrow();
      ready += Pods.ready(pod) ? 1 : 0;
      available += Pods.ready(pod) && available(pod) ? 1 : 0;
      updated += there.stream().anyMatch(this::updated) ? 1 : 0;
    }
    return set.status().toBuilder()
        .observedGeneration(set.metadata().generation())
        .desiredNumberScheduled(wanted)
        .currentNumberScheduled(scheduled)
        .numberMisscheduled(misplaced)
        .numberReady(ready)
        .numberAvailable(available == 0 ? null : available)
        .numberUnavailable(wanted == available ? null : wanted - available)
        .updatedNumberScheduled(updated == 0 ? null : updated)
        .collisionCount(collisions == 0 ? null : collisions)
        .build();
  }

  /** When ready pods become available, which no event tells. */
  Duration again() {
    boolean waits =
        byNode.values().stream()
            .flatMap(List::stream)
            .anyMatch(p -> Pods.active(p) && Pods.ready(p) && !available(p));
    return waits ? Duration.ofSeconds(minReady) : Duration.ZERO;
  }
}
