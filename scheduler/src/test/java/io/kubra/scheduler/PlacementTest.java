package io.kubra.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.metrics.MetricRegistry;
import io.kubra.model.core.v1.Affinity;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.ContainerPort;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.NodeSpec;
import io.kubra.model.core.v1.NodeStatus;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodAffinityTerm;
import io.kubra.model.core.v1.PodAntiAffinity;
import io.kubra.model.core.v1.PodSpec;
import io.kubra.model.core.v1.ResourceRequirements;
import io.kubra.model.core.v1.Taint;
import io.kubra.model.core.v1.Toleration;
import io.kubra.model.core.v1.TopologySpreadConstraint;
import io.kubra.model.meta.v1.LabelSelector;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.scheduler.cluster.ClusterState;
import io.kubra.scheduler.metrics.SchedulerMetrics;
import io.kubra.scheduler.plugin.Profile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private final ClusterState cluster = new ClusterState();
  private final Placement placement =
      new Placement(
          Profile.defaults(new NoVolumes()),
          new SchedulerMetrics(new MetricRegistry(), "default-scheduler"));

  private static Node node(String name, String cpu, Map<String, String> labels, Taint... taints) {
    return Node.builder()
        .metadata(ObjectMeta.builder().name(name).labels(labels).build())
        .spec(NodeSpec.builder().taints(List.of(taints)).build())
        .status(
            NodeStatus.builder()
                .allocatable(Map.of("cpu", cpu, "memory", "8Gi", "pods", "110"))
                .build())
        .build();
  }

  private static Pod pod(String name, String cpu, PodSpec.Builder spec) {
    return Pod.builder()
        .metadata(
            ObjectMeta.builder()
                .namespace("default")
                .name(name)
                .uid(name)
                .labels(Map.of("app", "web"))
                .build())
        .spec(
            spec.containers(
                    List.of(
                        Container.builder()
                            .name("c")
                            .ports(List.of(ContainerPort.builder().containerPort(80).build()))
                            .resources(
                                ResourceRequirements.builder().requests(Map.of("cpu", cpu)).build())
                            .build()))
                .build())
        .build();
  }

  private String place(Pod pod) {
    return switch (placement.decide(pod, cluster.nodes())) {
      case Decision.Assigned a -> {
        cluster.put(pod, a.node());
        yield a.node();
      }
      case Decision.Refused r -> r.message();
      case Decision.Unschedulable u -> u.message();
    };
  }

  @Test
  void aPodGoesWhereItFits() {
    cluster.put(node("small", "1", Map.of()));
    cluster.put(node("large", "4", Map.of()));

    assertThat(place(pod("a", "2", PodSpec.builder()))).isEqualTo("large");
    assertThat(place(pod("b", "2", PodSpec.builder()))).isEqualTo("large");
    assertThat(place(pod("c", "2", PodSpec.builder())))
        .isEqualTo("0/2 nodes are available: 2 Insufficient cpu.");
  }

  @Test
  void taintsKeepPodsAwayUnlessTolerated() {
    Taint taint = Taint.builder().key("role").value("db").effect("NoSchedule").build();
    cluster.put(node("db", "4", Map.of(), taint));

    assertThat(place(pod("a", "1", PodSpec.builder())))
        .isEqualTo("0/1 nodes are available: 1 node(s) had untolerated taint {role: db}.");
    assertThat(
            place(
                pod(
                    "b",
                    "1",
                    PodSpec.builder()
                        .tolerations(
                            List.of(Toleration.builder().key("role").operator("Exists").build())))))
        .isEqualTo("db");
  }

  @Test
  void aNodeSelectorIsHeeded() {
    cluster.put(node("n1", "4", Map.of("disk", "hdd")));
    cluster.put(node("n2", "4", Map.of("disk", "ssd")));

    assertThat(place(pod("a", "1", PodSpec.builder().nodeSelector(Map.of("disk", "ssd")))))
        .isEqualTo("n2");
    assertThat(place(pod("b", "1", PodSpec.builder().nodeSelector(Map.of("disk", "tape")))))
        .isEqualTo("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.");
  }

  @Test
  void requiredAntiAffinityKeepsPodsApart() {
    cluster.put(node("n1", "4", Map.of("kubernetes.io/hostname", "n1")));
    cluster.put(node("n2", "4", Map.of("kubernetes.io/hostname", "n2")));
    PodSpec.Builder apart =
        PodSpec.builder()
            .affinity(
                Affinity.builder()
                    .podAntiAffinity(
                        PodAntiAffinity.builder()
                            .requiredDuringSchedulingIgnoredDuringExecution(
                                List.of(
                                    PodAffinityTerm.builder()
                                        .topologyKey("kubernetes.io/hostname")
                                        .labelSelector(
                                            LabelSelector.builder()
                                                .matchLabels(Map.of("app", "web"))
                                                .build())
                                        .build()))
                            .build())
                    .build());

    String first = place(pod("a", "1", apart));
    String second = place(pod("b", "1", apart));

    assertThat(List.of(first, second)).containsExactlyInAnyOrder("n1", "n2");
    assertThat(place(pod("c", "1", apart)))
        .isEqualTo("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.");
  }

  @Test
  void hardTopologySpreadLimitsTheSkew() {
    cluster.put(node("n1", "8", Map.of("zone", "a")));
    cluster.put(node("n2", "2", Map.of("zone", "b")));
    PodSpec.Builder spread =
        PodSpec.builder()
            .topologySpreadConstraints(
                List.of(
                    TopologySpreadConstraint.builder()
                        .topologyKey("zone")
                        .maxSkew(1)
                        .whenUnsatisfiable("DoNotSchedule")
                        .labelSelector(
                            LabelSelector.builder().matchLabels(Map.of("app", "web")).build())
                        .build()));

    for (int i = 0; i < 4; i++) {
      place(pod("p" + i, "1", spread));
    }

    assertThat(cluster.nodes()).allSatisfy(n -> assertThat(n.pods()).hasSize(2));
  }

  @Test
  void podsOfOneControllerSpreadByPreference() {
    cluster.put(node("n1", "8", Map.of("kubernetes.io/hostname", "n1")));
    cluster.put(node("n2", "8", Map.of("kubernetes.io/hostname", "n2")));

    for (int i = 0; i < 6; i++) {
      Pod plain = pod("p" + i, "100m", PodSpec.builder());
      place(
          plain.withMetadata(
              plain.metadata().toBuilder()
                  .ownerReferences(
                      List.of(
                          io.kubra.model.meta.v1.OwnerReference.builder()
                              .uid("rs")
                              .controller(true)
                              .build()))
                  .build()));
    }

    assertThat(cluster.nodes()).allSatisfy(n -> assertThat(n.pods()).hasSize(3));
  }

  @Test
  void withoutNodesTheMessageSaysSo() {
    assertThat(place(pod("a", "1", PodSpec.builder())))
        .isEqualTo("no nodes available to schedule pods");
  }
}
