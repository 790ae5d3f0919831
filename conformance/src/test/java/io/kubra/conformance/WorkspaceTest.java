package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.json.Yaml;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Discovery;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Leftovers;
import io.kubra.conformance.cluster.Workspace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
  private static final String CLASSES = "/apis/scheduling.k8s.io/v1/priorityclasses";
  private static final String NAMESPACES = "/api/v1/namespaces/kubra-conformance-";

  private final TestCluster cluster = new TestCluster();
  private final Kube kube = cluster.seen();

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static Map<String, Object> priority(String name) {
    String yaml =
        "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: %s}, value: 1}";
    return Yaml.parseObject(yaml.formatted(name).getBytes(StandardCharsets.UTF_8));
  }

  private Workspace workspace(String run) {
    return new Workspace(kube, new Discovery(kube), run, Map.of());
  }

  private List<String> remove(Duration stillness) throws InterruptedException {
    return new Leftovers(kube, new Discovery(kube), "own", stillness).remove();
  }

  @Test
  void whatWasThereBeforeStaysAndWhatWasMadeGoes() {
    kube.create(CLASSES, priority("theirs"));
    Workspace workspace = workspace("test");
    workspace.create(priority("ours"));
    assertThatThrownBy(() -> workspace.create(priority("theirs"))).isInstanceOf(ApiException.class);

    assertThat(workspace.close()).isEmpty();

    assertThat(kube.find(CLASSES + "/ours")).isEmpty();
    assertThat(kube.find(CLASSES + "/theirs")).isPresent();
    assertThatThrownBy(() -> workspace.create(priority("late")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatAKilledRunLeftIsRemovedByTheNext() throws Exception {
    // As a run leaves it that was killed: its namespaces, one object, one resource of a node.
    for (String name : List.of("dead", "dead-quota")) {
      kube.create(
          "/api/v1/namespaces",
          Map.of(
              "apiVersion",
              "v1",
              "kind",
              "Namespace",
              "metadata",
              Map.of(
                  "name", "kubra-conformance-" + name, "labels", Map.of(Workspace.LABEL, "dead"))));
    }
    Map<String, Object> object = priority("left");
    Trees.set(object, "dead", "metadata", "labels", Workspace.LABEL);
    kube.create(CLASSES, object);
    kube.create(CLASSES, priority("theirs"));
    cluster.node(
        "a",
        "{}",
        "{capacity: {conformance.kubra.io/place-dead: 1, conformance.kubra.io/place-x: 1}}");

    assertThat(remove(Duration.ofMillis(300)))
        .contains(CLASSES + "/left", NAMESPACES + "dead", NAMESPACES + "dead-quota")
        .hasSize(4);

    assertThat(kube.find(CLASSES + "/left")).isEmpty();
    assertThat(kube.find(CLASSES + "/theirs")).isPresent();
    assertThat(kube.find(NAMESPACES + "dead")).isEmpty();
    assertThat(Trees.map(kube.get("/api/v1/nodes/a"), "status", "capacity"))
        .containsOnlyKeys("conformance.kubra.io/place-x");
  }

  @Test
  void aRunThatIsAliveIsNotTouched() throws Exception {
    Workspace alive = workspace("alive");
    alive.create(priority("used"));
    assertThat(remove(Duration.ofSeconds(60))).isEmpty();
    assertThat(kube.find(CLASSES + "/used")).isPresent();
    assertThat(kube.find(NAMESPACES + "alive")).isPresent();
    alive.close();
  }

  @Test
  void objectsWhoseRunHasNoNamespaceAnyMoreGoAtOnce() throws Exception {
    Map<String, Object> object = priority("left");
    Trees.set(object, "dead", "metadata", "labels", Workspace.LABEL);
    kube.create(CLASSES, object);
    assertThat(remove(Duration.ofHours(1))).containsExactly(CLASSES + "/left");
  }
}
