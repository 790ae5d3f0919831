package io.kubra.controllers.podautoscaler;

import io.kubra.api.quantity.Quantity;
import io.kubra.controllers.podautoscaler.MetricsReader.Sample;
import io.kubra.controllers.podautoscaler.MetricsReader.Unavailable;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many replicas a metric asks for. Pods that are not ready yet count as using nothing when the
 * rest asks for more, and pods without metrics are taken as what keeps the count where it is.
 */
final class ReplicaCalculator {
  private static final Duration CPU_INITIALIZATION = Duration.ofMinutes(5);
  private static final Duration READINESS_DELAY = Duration.ofSeconds(30);

  /**
   * A proposal.
   *
   * @param replicas how many there should be
   * @param utilization the average use in percent of the request, or null
   * @param average the average use of a pod, in thousandths
   */
  record Proposal(int replicas, @Nullable Integer utilization, long average) {}

  private final Instant now;

  ReplicaCalculator(Instant now) {
    this.now = now;
  }

  /** By use in percent of what the pods request. */
  Proposal byUtilization(
      int current,
      int percent,
      String resource,
      @Nullable String container,
      List<Pod> pods,
      Map<String, Sample> samples,
      Tolerance tolerance) {
    Map<String, Long> requests = new HashMap<>();
    for (Pod pod : pods) {
      requests.put(pod.metadata().name(), request(pod, resource, container));
    }
    return propose(current, pods, samples, resource, requests, percent, tolerance);
  }

  /** By the average amount that a pod uses. */
  Proposal byAverage(
      int current,
      long target,
      String resource,
      List<Pod> pods,
      Map<String, Sample> samples,
      Tolerance tolerance) {
    Map<String, Long> targets = new HashMap<>();
    pods.forEach(pod -> targets.put(pod.metadata().name(), target));
    return propose(current, pods, samples, resource, targets, 100, tolerance);
  }

  /** By one value for all replicas together. */
  Proposal byValue(int current, long value, long target, List<Pod> pods, Tolerance tolerance) {
    double ratio = (double) value / target;
    int ready = (int) pods.stream().filter(p -> Pods.active(p) && Pods.ready(p)).count();
    int replicas = tolerance.holds(ratio) ? current : (int) Math.ceil(ratio * ready);
    return new Proposal(replicas, null, value);
  }

  /** By one value that is shared among the replicas. */
  Proposal byShare(int current, long value, long target, Tolerance tolerance) {
    double ratio = (double) value / ((double) target * Math.max(1, current));
    int replicas = tolerance.holds(ratio) ? current : (int) Math.ceil((double) value / target);
    return new Proposal(replicas, null, value / Math.max(1, current));
  }

  private static long request(Pod pod, String resource, @Nullable String container) {
    long sum = 0;
    for (Container each : pod.spec().containers()) {
      if (container != null && !container.equals(each.name())) {
        continue;
      }
      String text = each.resources() == null ? null : each.resources().requests().get(resource);
      Quantity amount = Quantity.tryParse(text);
      if (amount == null) {
        throw new Unavailable(
            "missing request for %s in container %s of Pod %s"
                .formatted(resource, each.name(), pod.metadata().name()));
      }
      sum += amount.milli();
    }
    return sum;
  }

  /** The wanted amount of a pod is {@code percent} of its base: its request, or the target. */
  private Proposal propose(
      int current,
      List<Pod> pods,
      Map<String, Sample> samples,
      String resource,
      Map<String, Long> bases,
      int percent,
      Tolerance tolerance) {
    Map<String, Long> used = new HashMap<>();
    Set<String> missing = new HashSet<>();
    Set<String> unready = new HashSet<>();
    for (Pod pod : pods) {
      String name = pod.metadata().name();
      Sample sample = samples.get(name);
      if (Pods.terminating(pod) || "Failed".equals(pod.status().phase())) {
        continue;
      }
      if ("Pending".equals(pod.status().phase())) {
        unready.add(name);
      } else if (sample == null) {
        missing.add(name);
      } else if (resource.equals("cpu") && starting(pod, sample)) {
        unready.add(name);
      } else {
        used.put(name, sample.milli());
      }
    }
    if (used.isEmpty()) {
      throw new Unavailable("did not receive metrics for targeted pods (pods might be unready)");
    }
    int ready = used.size();
    long total = used.values().stream().mapToLong(Long::longValue).sum();
    double share = share(used, bases);
    double ratio = share * 100 / percent;
    int utilization = (int) (share * 100);
    long average = total / ready;
    boolean startsWhileHigh = !unready.isEmpty() && ratio > 1;
    if (!startsWhileHigh && missing.isEmpty()) {
      int replicas = tolerance.holds(ratio) ? current : (int) Math.ceil(ratio * ready);
      return new Proposal(replicas, utilization, average);
    }
    for (String name : missing) {
      long base = bases.getOrDefault(name, 0L);
      used.put(name, ratio < 1 ? base * Math.max(100, percent) / 100 : 0);
    }
    if (startsWhileHigh) {
      unready.forEach(name -> used.put(name, 0L));
    }
    double corrected = share(used, bases) * 100 / percent;
    int replicas = (int) Math.ceil(corrected * used.size());
    boolean turned = (ratio < 1 && corrected > 1) || (ratio > 1 && corrected < 1);
    boolean against =
        (corrected < 1 && replicas > current) || (corrected > 1 && replicas < current);
    return new Proposal(
        tolerance.holds(corrected) || turned || against ? current : replicas, utilization, average);
  }

  private static double share(Map<String, Long> used, Map<String, Long> bases) {
    long sum = 0;
    long base = 0;
    for (Map.Entry<String, Long> e : used.entrySet()) {
      sum += e.getValue();
      base += bases.getOrDefault(e.getKey(), 0L);
    }
    return base == 0 ? 0 : (double) sum / base;
  }

  /** What a pod uses while it starts says nothing about its load. */
  private boolean starting(Pod pod, Sample sample) {
    PodCondition condition = Pods.condition(pod, "Ready");
    Instant start = pod.status().startTime();
    if (condition == null || start == null || condition.lastTransitionTime() == null) {
      return true;
    }
    boolean down = condition.status().equals("False");
    Instant since = condition.lastTransitionTime();
    return start.plus(CPU_INITIALIZATION).isAfter(now)
        ? down || sample.time().isBefore(since.plus(sample.window()))
        : down && start.plus(READINESS_DELAY).isAfter(since);
  }

  /** How far a ratio may be from one without effect. */
  record Tolerance(double up, double down) {
    boolean holds(double ratio) {
      return ratio >= 1 - down && ratio <= 1 + up;
    }
  }
}
