package io.kubra.controllers.podautoscaler;

import io.kubra.model.autoscaling.v2.HPAScalingPolicy;
import io.kubra.model.autoscaling.v2.HPAScalingRules;
import io.kubra.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.kubra.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an autoscaler's behaviour lets through of a recommendation: recent recommendations smooth
 * it, and policies limit how fast it is followed. Remembers recommendations and changes of one
 * autoscaler.
 */
final class ScalingRules {
  /**
   * What is left of a recommendation.
   *
   * @param reason the reason of the condition that says what held it back
   * @param limited whether something did
   */
  record Outcome(int replicas, String reason, String message, boolean limited) {}

  private record At(Instant time, int value) {}

  private static final int DOWN_WINDOW = 300;
  private static final List<HPAScalingPolicy> UP =
      List.of(policy("Pods", 4), policy("Percent", 100));
  private static final List<HPAScalingPolicy> DOWN = List.of(policy("Percent", 100));

  private final List<At> recommendations = new ArrayList<>();
  private final List<At> changes = new ArrayList<>();

  private static HPAScalingPolicy policy(String type, int value) {
    return HPAScalingPolicy.builder().type(type).value(value).periodSeconds(15).build();
  }

  static @Nullable HPAScalingRules up(HorizontalPodAutoscaler scaler) {
    HorizontalPodAutoscalerBehavior behavior = scaler.spec().behavior();
    return behavior == null ? null : behavior.scaleUp();
  }

  static @Nullable HPAScalingRules down(HorizontalPodAutoscaler scaler) {
    HorizontalPodAutoscalerBehavior behavior = scaler.spec().behavior();
    return behavior == null ? null : behavior.scaleDown();
  }

  /** Notes that the replicas were changed by so many. */
  void changed(int by, Instant now) {
    changes.add(new At(now, by));
    changes.removeIf(c -> c.time.isBefore(now.minusSeconds(1800)));
  }

  /** Takes the extremes of recent recommendations, so that the count does not flap. */
  Outcome stabilized(HorizontalPodAutoscaler scaler, int current, int wanted, Instant now) {
    if (recommendations.isEmpty()) {
      recommendations.add(new At(now, current));
    }
    int upWindow = window(up(scaler), 0);
    int downWindow = window(down(scaler), DOWN_WINDOW);
    int lowest = wanted;
    int highest = wanted;
    for (At each : recommendations) {
      if (each.time.isAfter(now.minusSeconds(upWindow))) {
        lowest = Math.min(lowest, each.value);
      }
      if (each.time.isAfter(now.minusSeconds(downWindow))) {
        highest = Math.max(highest, each.value);
      }
    }
    recommendations.removeIf(
        r -> r.time.isBefore(now.minusSeconds(Math.max(upWindow, downWindow))));
    recommendations.add(new At(now, wanted));
    int replicas = Math.min(Math.max(current, lowest), highest);
    if (replicas == wanted) {
      return new Outcome(
          replicas, "ReadyForNewScale", "recommended size matches current size", false);
    }
    return wanted > current || replicas < wanted
        ? new Outcome(
            replicas,
            "ScaleUpStabilized",
            "recent recommendations were lower than current one, applying the lowest recent"
                + " recommendation",
            true)
        : new Outcome(
            replicas,
            "ScaleDownStabilized",
            "recent recommendations were higher than current one, applying the highest recent"
                + " recommendation",
            true);
  }

  private static int window(@Nullable HPAScalingRules rules, int otherwise) {
    return rules == null
        ? otherwise
        : Objects.requireNonNullElse(rules.stabilizationWindowSeconds(), otherwise);
  }

  /** Keeps within the least and most replicas, and within the policies' pace. */
  Outcome limited(HorizontalPodAutoscaler scaler, int current, int wanted, Instant now) {
    int most = scaler.spec().maxReplicas();
    int least = Objects.requireNonNullElse(scaler.spec().minReplicas(), 1);
    if (wanted > current) {
      int pace = upLimit(up(scaler), current, now);
      if (wanted > Math.min(pace, most)) {
        return pace < most
            ? new Outcome(
                pace,
                "ScaleUpLimit",
                "the desired replica count is increasing faster than the maximum scale rate",
                true)
            : tooMany(most);
      }
    } else if (wanted < current) {
      int pace = downLimit(down(scaler), current, now);
      if (wanted < Math.max(pace, least)) {
        return pace > least
            ? new Outcome(
                pace,
                "ScaleDownLimit",
                "the desired replica count is decreasing faster than the maximum scale rate",
                true)
            : tooFew(least);
      }
    }
    if (wanted > most) {
      return tooMany(most);
    }
    if (wanted < least) {
      return tooFew(least);
    }
    return new Outcome(
        wanted, "DesiredWithinRange", "the desired count is within the acceptable range", false);
  }

  private static Outcome tooMany(int most) {
    return new Outcome(
        most,
        "TooManyReplicas",
        "the desired replica count is more than the maximum replica count",
        true);
  }

  private static Outcome tooFew(int least) {
    return new Outcome(
        least,
        "TooFewReplicas",
        "the desired replica count is less than the minimum replica count",
        true);
  }

  private int upLimit(@Nullable HPAScalingRules rules, int current, Instant now) {
    String select = rules == null ? "Max" : Objects.requireNonNullElse(rules.selectPolicy(), "Max");
    if (select.equals("Disabled")) {
      return current;
    }
    boolean min = select.equals("Min");
    int limit = min ? Integer.MAX_VALUE : Integer.MIN_VALUE;
    for (HPAScalingPolicy policy : policies(rules, UP)) {
      int start = current - sum(policy, true, now);
      double proposed =
          policy.type().equals("Pods")
              ? (double) start + policy.value()
              : Math.ceil(start * (1 + policy.value() / 100.0));
      int each = (int) Math.min(Integer.MAX_VALUE, proposed);
      limit = min ? Math.min(limit, each) : Math.max(limit, each);
    }
    return Math.max(limit, current);
  }

  private int downLimit(@Nullable HPAScalingRules rules, int current, Instant now) {
    String select = rules == null ? "Max" : Objects.requireNonNullElse(rules.selectPolicy(), "Max");
    if (select.equals("Disabled")) {
      return current;
    }
    boolean min = select.equals("Min");
    int limit = min ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    for (HPAScalingPolicy policy : policies(rules, DOWN)) {
      int start = current + sum(policy, false, now);
      int each =
          policy.type().equals("Pods")
              ? start - policy.value()
              : (int) (start * (1 - policy.value() / 100.0));
      limit = min ? Math.max(limit, each) : Math.min(limit, each);
    }
    return Math.min(limit, current);
  }

  private static List<HPAScalingPolicy> policies(
      @Nullable HPAScalingRules rules, List<HPAScalingPolicy> otherwise) {
    return rules == null || rules.policies().isEmpty() ? otherwise : rules.policies();
  }

  /** How many replicas came, or went, in a policy's period. */
  private int sum(HPAScalingPolicy policy, boolean up, Instant now) {
    Instant from = now.minusSeconds(policy.periodSeconds());
    return changes.stream()
        .filter(c -> c.time.isAfter(from) && c.value > 0 == up)
        .mapToInt(c -> Math.abs(c.value))
        .sum();
  }
}
