package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.json.Yaml;
import io.kubra.api.status.ApiException;
import io.kubra.conformance.cluster.Discovery;
import io.kubra.conformance.cluster.Workspace;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
  private static final String CLASSES = "/apis/scheduling.k8s.io/v1/priorityclasses";

  private static Map<String, Object> priority(String name) {
    String yaml =
        "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: %s}, value: 1}";
    return Yaml.parseObject(yaml.formatted(name).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatWasThereBeforeStaysAndWhatWasMadeGoes() {
    try (TestCluster cluster = new TestCluster()) {
      cluster.kube().create(CLASSES, priority("theirs"));
      Workspace workspace =
          new Workspace(cluster.kube(), new Discovery(cluster.kube()), "test", Map.of());
      workspace.create(priority("ours"));
      assertThatThrownBy(() -> workspace.create(priority("theirs")))
          .isInstanceOf(ApiException.class);

      assertThat(workspace.close()).isEmpty();

      assertThat(cluster.kube().find(CLASSES + "/ours")).isEmpty();
      assertThat(cluster.kube().find(CLASSES + "/theirs")).isPresent();
      assertThatThrownBy(() -> workspace.create(priority("late")))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
