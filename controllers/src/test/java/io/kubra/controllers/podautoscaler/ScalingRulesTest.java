package io.kubra.controllers.podautoscaler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.model.Codec;
import io.kubra.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ScalingRulesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private final ScalingRules rules = new ScalingRules();

  @Test
  void withoutBehaviourACountAtMostDoublesOrGrowsByFour() {
    assertThat(rules.limited(scaler(""), 1, 50, START).replicas()).isEqualTo(5);
    assertThat(rules.limited(scaler(""), 10, 50, START).replicas()).isEqualTo(20);
    assertThat(rules.limited(scaler(""), 10, 50, START).reason()).isEqualTo("ScaleUpLimit");
  }

  @Test
  void whatGrewInThePeriodCountsAgainstThePace() {
    rules.changed(4, START);
    assertThat(rules.limited(scaler(""), 5, 50, START.plusSeconds(5)).replicas()).isEqualTo(5);
    assertThat(rules.limited(scaler(""), 5, 50, START.plusSeconds(20)).replicas()).isEqualTo(10);
  }

  @Test
  void theBoundsHold() {
    assertThat(rules.limited(scaler(""), 90, 120, START).reason()).isEqualTo("TooManyReplicas");
    assertThat(rules.limited(scaler(""), 3, 1, START).reason()).isEqualTo("TooFewReplicas");
    assertThat(rules.limited(scaler(""), 3, 4, START).reason()).isEqualTo("DesiredWithinRange");
  }

  @Test
  void aPolicyLimitsTheWayDown() {
    HorizontalPodAutoscaler slow =
        scaler(
            ",\"behavior\":{\"scaleDown\":{\"policies\":[{\"type\":\"Pods\",\"value\":2,\"periodSeconds\":60}]}}");
    assertThat(rules.limited(slow, 20, 5, START).replicas()).isEqualTo(18);
    HorizontalPodAutoscaler never =
        scaler(",\"behavior\":{\"scaleDown\":{\"selectPolicy\":\"Disabled\"}}");
    assertThat(rules.limited(never, 20, 5, START).replicas()).isEqualTo(20);
  }

  @Test
  void aLowRecommendationIsFollowedOnlyWhenNoHighOneIsRecent() {
    HorizontalPodAutoscaler scaler = scaler("");
    assertThat(rules.stabilized(scaler, 10, 10, START).replicas()).isEqualTo(10);
    ScalingRules.Outcome soon = rules.stabilized(scaler, 10, 3, START.plusSeconds(60));
    assertThat(soon.replicas()).isEqualTo(10);
    assertThat(soon.reason()).isEqualTo("ScaleDownStabilized");
    assertThat(rules.stabilized(scaler, 10, 3, START.plusSeconds(301)).replicas()).isEqualTo(3);
  }

  private static HorizontalPodAutoscaler scaler(String more) {
    String json =
        "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"minReplicas\":2,\"maxReplicas\":100%s}}"
            .formatted(more);
    return Codec.read(json.getBytes(UTF_8), HorizontalPodAutoscaler::read);
  }
}
