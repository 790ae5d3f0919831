package io.kubra.node.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodSpec;
import io.kubra.model.core.v1.ResourceRequirements;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelLimitsTest {
  private static Container container(Map<String, String> requests, Map<String, String> limits) {
    return Container.builder()
        .name("c")
        .resources(ResourceRequirements.builder().requests(requests).limits(limits).build())
        .build();
  }

  private static Pod pod(Container... containers) {
    return Pod.builder().spec(PodSpec.builder().containers(List.of(containers)).build()).build();
  }

  @Test
  void cpuBecomesSharesAndQuota() {
    assertThat(KernelLimits.cpuShares(0)).isEqualTo(2);
    assertThat(KernelLimits.cpuShares(500)).isEqualTo(512);
    assertThat(KernelLimits.cpuQuota(250)).isEqualTo(25_000);
    assertThat(KernelLimits.cpuQuota(1)).isEqualTo(1000);
    assertThat(KernelLimits.cpuWeight(2)).isEqualTo(1);
    assertThat(KernelLimits.cpuWeight(262_144)).isEqualTo(10_000);
  }

  @Test
  void theClassFollowsRequestsAndLimits() {
    Container full = container(Map.of(), Map.of("cpu", "1", "memory", "1Gi"));
    Container some = container(Map.of("cpu", "100m"), Map.of());
    Container none = container(Map.of(), Map.of());
    assertThat(QosClass.of(pod(full))).isEqualTo(QosClass.GUARANTEED);
    assertThat(QosClass.of(pod(full, some))).isEqualTo(QosClass.BURSTABLE);
    assertThat(QosClass.of(pod(none))).isEqualTo(QosClass.BEST_EFFORT);
  }

  @Test
  void aSidecarCountsBesideTheContainersAndAnInitContainerBeforeThem() {
    Container main = container(Map.of("cpu", "100m", "memory", "10Mi"), Map.of());
    Container big = container(Map.of("cpu", "1", "memory", "1Mi"), Map.of());
    Container sidecar = main.toBuilder().restartPolicy("Always").build();
    Pod pod =
        Pod.builder()
            .spec(
                PodSpec.builder()
                    .initContainers(List.of(sidecar, big))
                    .containers(List.of(main))
                    .build())
            .build();
    assertThat(Amounts.podRequests(pod)).isEqualTo(new Amounts(1100, 20L << 20));
  }

  @Test
  void theLessAPodRequestsTheSoonerItIsKilled() {
    assertThat(KernelLimits.oomScoreAdjust(QosClass.BURSTABLE, 1L << 30, 4L << 30)).isEqualTo(750);
    assertThat(KernelLimits.oomScoreAdjust(QosClass.BEST_EFFORT, 0, 4L << 30)).isEqualTo(1000);
    assertThat(KernelLimits.oomScoreAdjust(QosClass.GUARANTEED, 1, 4L << 30)).isEqualTo(-997);
  }
}
