package io.kubra.controllers.runtime;

import io.kubra.model.core.v1.ContainerStatus;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pods go first when there are too many: those without node, not running, not ready, cheap by
 * the {@code pod-deletion-cost} annotation, crowded on one node, ready for the shortest time, with
 * the most restarts, and the youngest (ages compared by their order of magnitude).
 */
public final class DeletionOrder {
  private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

  private DeletionOrder() {}

  /** The pods of a ReplicaSet, those to be deleted first in front. */
  public static List<Pod> sorted(List<Pod> pods, Instant now) {
    Map<String, Integer> onNode = new HashMap<>();
    for (Pod pod : pods) {
      onNode.merge(node(pod), 1, Integer::sum);
    }
    return pods.stream()
        .sorted(
            Comparator.comparing((Pod p) -> !node(p).isEmpty())
                .thenComparing(DeletionOrder::phase)
                .thenComparing(Pods::ready)
                .thenComparing(DeletionOrder::cost)
                .thenComparing(p -> -onNode.getOrDefault(node(p), 0))
                .thenComparing(p -> magnitude(readySince(p, now), now))
                .thenComparing(p -> -restarts(p))
                .thenComparing(p -> magnitude(created(p, now), now))
                .thenComparing(p -> p.metadata().uid()))
        .toList();
  }

  /** The same order without costs and crowding, as Jobs use it. */
  public static List<Pod> byState(List<Pod> pods, Instant now) {
    return pods.stream()
        .sorted(
            Comparator.comparing((Pod p) -> !node(p).isEmpty())
                .thenComparing(DeletionOrder::phase)
                .thenComparing(Pods::ready)
                .thenComparing(p -> Duration.between(readySince(p, now), now))
                .thenComparing(p -> -restarts(p))
                .thenComparing(p -> Duration.between(created(p, now), now))
                .thenComparing(p -> p.metadata().uid()))
        .toList();
  }

  private static String node(Pod pod) {
    return pod.spec().nodeName() == null ? "" : pod.spec().nodeName();
  }

  private static int phase(Pod pod) {
    return switch (pod.status().phase()) {
      case "Running" -> 2;
      case "Unknown" -> 1;
      case null, default -> 0;
    };
  }

  private static long cost(Pod pod) {
    try {
      return Integer.parseInt(pod.metadata().annotations().getOrDefault(COST, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static Instant readySince(Pod pod, Instant now) {
    PodCondition ready = Pods.condition(pod, "Ready");
    return ready == null || ready.lastTransitionTime() == null ? now : ready.lastTransitionTime();
  }

  private static Instant created(Pod pod, Instant now) {
    Instant time = pod.metadata().creationTimestamp();
    return time == null ? now : time;
  }

  /** The number of binary digits of an age: ages of the same magnitude count as equal. */
  private static int magnitude(Instant since, Instant now) {
    long seconds = Math.max(0, Duration.between(since, now).toSeconds());
    return Long.SIZE - Long.numberOfLeadingZeros(seconds);
  }

  private static int restarts(Pod pod) {
    return pod.status().containerStatuses().stream()
        .mapToInt(ContainerStatus::restartCount)
        .max()
        .orElse(0);
  }
}
