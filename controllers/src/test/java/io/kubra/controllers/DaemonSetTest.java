package io.kubra.controllers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.Codec;
import io.kubra.model.apps.v1.DaemonSet;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DaemonSetTest {
  @AutoClose private static final ControlledCluster cluster = new ControlledCluster();
  private static final ResourceClient<DaemonSet> sets = cluster.resource(DaemonSet.RESOURCE);

  private final String namespace = cluster.namespace();

  @BeforeAll
  static void start() {
    for (String name : List.of("n1", "n2", "n3")) {
      node(name, "");
    }
    node("tainted", ",\"spec\":{\"taints\":[{\"key\":\"own\",\"effect\":\"NoSchedule\"}]}");
  }

  private static void node(String name, String more) {
    String json =
        "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"name\":\"%s\"}}%s}"
            .formatted(name, name, more);
    ResourceClient<Node> nodes = cluster.resource(Node.RESOURCE);
    nodes.create(Codec.read(json.getBytes(UTF_8), Node::read));
    String ready = "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}";
    nodes.patch("", name, PatchType.STRATEGIC, ready.getBytes(UTF_8), "status");
    await()
        .until(
            () ->
                nodes.get("", name).spec().taints().stream()
                    .noneMatch(t -> t.key().startsWith("node.kubernetes.io/")));
  }

  @Test
  void eachFittingNodeGetsAPodOfItsOwn() {
    create("", "");
    await().until(() -> Objects.equals(set().status().numberAvailable(), 3));
    assertThat(set().status().desiredNumberScheduled()).isEqualTo(3);
    assertThat(pods())
        .hasSize(3)
        .allSatisfy(
            p -> {
              assertThat(p.metadata().labels()).containsKey("controller-revision-hash");
              assertThat(p.spec().tolerations())
                  .anySatisfy(
                      t -> assertThat(t.key()).isEqualTo("node.kubernetes.io/unschedulable"))
                  .anySatisfy(t -> assertThat(t.key()).isEqualTo("node.kubernetes.io/not-ready"));
            });
    assertThat(pods().stream().map(DaemonSetTest::node).toList())
        .containsExactlyInAnyOrder("n1", "n2", "n3");
  }

  @Test
  void selectorsLimitTheNodesAndTolerationsWidenThem() {
    create("\"nodeSelector\":{\"name\":\"n2\"},", "");
    await().until(() -> pods().stream().map(DaemonSetTest::node).toList().equals(List.of("n2")));
    patch(
        "{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":{\"name\":\"tainted\"},"
            + "\"tolerations\":[{\"key\":\"own\",\"operator\":\"Exists\"}]}}}}");
    await()
        .until(() -> pods().stream().map(DaemonSetTest::node).toList().equals(List.of("tainted")));
  }

  @Test
  void anUpdateReplacesOnePodAfterTheOther() {
    create("", "");
    await().until(() -> Objects.equals(set().status().numberAvailable(), 3));
    image("slow");
    await().until(() -> count("slow") == 1 && pods().size() == 3);
    assertThat(count("good")).isEqualTo(2);
    image("good");
    await()
        .until(
            () ->
                Objects.equals(set().status().updatedNumberScheduled(), 3)
                    && Objects.equals(set().status().numberAvailable(), 3)
                    && count("good") == 3);
  }

  @Test
  void anUpdateMayAddPodsBeforeItTakesOldOnes() {
    create("", "\"updateStrategy\":{\"rollingUpdate\":{\"maxSurge\":1,\"maxUnavailable\":0}},");
    await().until(() -> Objects.equals(set().status().numberAvailable(), 3));
    image("slow");
    await().until(() -> count("slow") == 1 && count("good") == 3);
    Pod added = pods().stream().filter(p -> image(p).equals("slow")).findFirst().orElseThrow();
    cluster.kubelet().ready(namespace, added.metadata().name(), true);
    await().until(() -> count("slow") == 2 && count("good") == 2);
  }

  @Test
  void withOnDeleteOldPodsStay() {
    create("", "\"updateStrategy\":{\"type\":\"OnDelete\"},");
    await().until(() -> Objects.equals(set().status().numberAvailable(), 3));
    image("slow");
    await()
        .until(
            () ->
                Objects.equals(set().status().observedGeneration(), set().metadata().generation()));
    assertThat(count("good")).isEqualTo(3);
    cluster.resource(Pod.RESOURCE).delete(namespace, pods().getFirst().metadata().name());
    await().until(() -> count("slow") == 1 && count("good") == 2);
  }

  @Test
  void aNodeThatGoesUncountsItsPod() {
    node("extra", "");
    create("", "");
    await().until(() -> set().status().desiredNumberScheduled() == 4);
    cluster.resource(Node.RESOURCE).delete("", "extra");
    await().until(() -> set().status().desiredNumberScheduled() == 3);
  }

  private void create(String podSpec, String spec) {
    String json =
        """
        {"metadata":{"name":"agent","namespace":"%s"},"spec":{%s
         "selector":{"matchLabels":{"app":"agent"}},
         "template":{"metadata":{"labels":{"app":"agent"}},
           "spec":{%s"containers":[{"name":"main","image":"good"}]}}}}
        """
            .formatted(namespace, spec, podSpec);
    sets.create(Codec.read(json.getBytes(UTF_8), DaemonSet::read));
  }

  private DaemonSet set() {
    return sets.get(namespace, "agent");
  }

  private List<Pod> pods() {
    return cluster.list(Pod.RESOURCE, namespace);
  }

  private static String node(Pod pod) {
    return Objects.requireNonNull(
            Objects.requireNonNull(Objects.requireNonNull(pod.spec().affinity()).nodeAffinity())
                .requiredDuringSchedulingIgnoredDuringExecution())
        .nodeSelectorTerms()
        .getFirst()
        .matchFields()
        .getFirst()
        .values()
        .getFirst();
  }

  private static String image(Pod pod) {
    return String.valueOf(pod.spec().containers().getFirst().image());
  }

  private long count(String image) {
    return pods().stream().filter(p -> image(p).equals(image)).count();
  }

  private void image(String image) {
    patch(
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"main\",\"image\":\""
            + image
            + "\"}]}}}}");
  }

  private void patch(String patch) {
    sets.patch(namespace, "agent", PatchType.STRATEGIC, patch.getBytes(UTF_8), null);
  }
}
