package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Plain objects and a chart that come, change and go with a file in the manifests folder. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class KeptAppliedTest {
  private static final String CHART =
      Path.of("src", "test", "resources", "charts", "shop").toAbsolutePath().toString();

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  @TempDir private Path folder;

  private static Path file() {
    return Path.of("/var/lib/kubra", CLUSTER.name(), "server", "manifests", "kept.yaml");
  }

  @AfterEach
  void clear() throws IOException {
    Files.deleteIfExists(file());
  }

  private void write(String text) throws IOException {
    Path fresh = Files.writeString(folder.resolve("kept.yaml"), text);
    Files.copy(fresh, file(), StandardCopyOption.REPLACE_EXISTING);
  }

  private String manifest(int replicas) throws IOException {
    return """
    apiVersion: v1
    kind: Namespace
    metadata: {name: kept}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: page, namespace: kept}
    data: {replicas: "%1$d"}
    ---
    apiVersion: helm.kubra.io/v1
    kind: HelmChart
    metadata: {name: shop, namespace: kept}
    spec:
      wait: true
      chartContent: %2$s
      values: {replicas: %1$d}
    """
        .formatted(replicas, archive());
  }

  private String archive() throws IOException {
    Path archive = folder.resolve("shop-0.1.0.tgz");
    if (!Files.exists(archive)) {
      String said = CLUSTER.kubra().run("helm", "package", CHART, "-d", folder.toString());
      archive = Path.of(said.strip().replaceFirst(".*saved it to: ", ""));
    }
    return Base64.getEncoder().encodeToString(Files.readAllBytes(archive));
  }

  @Test
  void aFileInTheFolderBringsObjectsAndAChartAndTakesThemAway() throws Exception {
    Command kubectl = CLUSTER.kubectl();
    write(manifest(1));
    TestCluster.awaitOutput(
        kubectl, "True", "get", "addon", "kept.yaml", "-n", "kube-system", "--no-headers");
    TestCluster.awaitOutput(
        kubectl, "True", "get", "helmchart", "shop", "-n", "kept", "--no-headers");
    assertThat(kubectl.run("get", "statefulset", "shop", "-n", "kept")).contains("1/1");
    assertThat(CLUSTER.kubra().run("helm", "list", "-n", "kept"))
        .containsPattern("shop\\s+kept\\s+1\\s.*deployed");
    assertThat(kubectl.run("describe", "helmchart", "shop", "-n", "kept"))
        .contains("InstallSucceeded");

    write(manifest(2));
    TestCluster.awaitOutput(
        kubectl, "2/2", "get", "statefulset", "shop", "-n", "kept", "--no-headers");
    TestCluster.awaitOutput(
        kubectl, "UpgradeSucceeded", "get", "helmchart", "shop", "-n", "kept", "--no-headers");

    write(manifest(2) + "---\n: [\n");
    TestCluster.awaitOutput(
        kubectl,
        "ParseManifestFailed",
        "get",
        "events",
        "-n",
        "kube-system",
        "--field-selector=involvedObject.name=kept.yaml");
    assertThat(kubectl.run("get", "configmap", "page", "-n", "kept", "-o", "name"))
        .isEqualTo("configmap/page\n");

    Files.delete(file());
    kubectl.run("wait", "--for=delete", "namespace/kept", "--timeout=60s");
    TestCluster.awaitOutput(kubectl, "No resources", "get", "helmchart", "-A");
    assertThat(kubectl.run("get", "addon", "-n", "kube-system")).doesNotContain("kept.yaml");
  }
}
