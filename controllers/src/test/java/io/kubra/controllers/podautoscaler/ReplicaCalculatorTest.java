package io.kubra.controllers.podautoscaler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.controllers.podautoscaler.MetricsReader.Sample;
import io.kubra.controllers.podautoscaler.MetricsReader.Unavailable;
import io.kubra.controllers.podautoscaler.ReplicaCalculator.Proposal;
import io.kubra.controllers.podautoscaler.ReplicaCalculator.Tolerance;
import io.kubra.model.Codec;
import io.kubra.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicaCalculatorTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
  private static final Tolerance TENTH = new Tolerance(0.1, 0.1);
  private final ReplicaCalculator calculator = new ReplicaCalculator(NOW);

  @Test
  void theCountFollowsTheRatioOfUseToTarget() {
    Proposal proposal = utilization(3, List.of(pod("a"), pod("b"), pod("c")), 300, 500, 700);
    assertThat(proposal.utilization()).isEqualTo(50);
    assertThat(proposal.replicas()).isEqualTo(5);
    assertThat(proposal.average()).isEqualTo(500);
  }

  @Test
  void smallDeviationsChangeNothing() {
    assertThat(utilization(2, List.of(pod("a"), pod("b")), 310, 320).replicas()).isEqualTo(2);
  }

  @Test
  void aPodWithoutMetricsKeepsTheCountFromGrowing() {
    assertThat(utilization(3, List.of(pod("a"), pod("b"), pod("c")), 400, 500).replicas())
        .isEqualTo(3);
  }

  @Test
  void withoutRequestsThereIsNoUtilization() {
    Pod bare =
        Codec.read(
            "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"containers\":[{\"name\":\"m\"}]}}"
                .getBytes(UTF_8),
            Pod::read);
    assertThatThrownBy(
            () -> calculator.byUtilization(1, 30, "cpu", null, List.of(bare), Map.of(), TENTH))
        .isInstanceOf(Unavailable.class)
        .hasMessage("missing request for cpu in container m of Pod x");
  }

  @Test
  void aSharedValueIsDividedAmongTheReplicas() {
    assertThat(calculator.byShare(2, 9000, 2000, TENTH).replicas()).isEqualTo(5);
    assertThat(calculator.byShare(2, 4100, 2000, TENTH).replicas()).isEqualTo(2);
  }

  /** Pods request one core each; the target is 30 percent. */
  private Proposal utilization(int current, List<Pod> pods, long... used) {
    Map<String, Sample> samples = new java.util.HashMap<>();
    for (int i = 0; i < used.length; i++) {
      samples.put(pods.get(i).metadata().name(), new Sample(used[i], NOW, Duration.ofSeconds(30)));
    }
    return calculator.byUtilization(current, 30, "cpu", null, pods, samples, TENTH);
  }

  private static Pod pod(String name) {
    String json =
        """
        {"metadata":{"name":"%s"},"spec":{"containers":[{"name":"m",
          "resources":{"requests":{"cpu":"1"}}}]},
         "status":{"phase":"Running","startTime":"2026-01-01T00:00:00Z","conditions":[
          {"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:10Z"}]}}
        """
            .formatted(name);
    return Codec.read(json.getBytes(UTF_8), Pod::read);
  }
}
