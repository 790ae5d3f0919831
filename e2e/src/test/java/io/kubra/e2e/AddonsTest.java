package io.kubra.e2e;

import static io.kubra.e2e.TestCluster.awaitOutput;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Charts and manifests that the cluster itself keeps applied. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class AddonsTest {
  private static final Path CHART = Path.of("src", "test", "resources", "charts", "shop");

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  @TempDir Path folder;

  @Test
  void aHelmChartIsAReleaseAsLongAsItExists() throws Exception {
    Command kubectl = CLUSTER.kubectl();
    CLUSTER.kubra().run("helm", "package", CHART.toString(), "--destination", folder.toString());
    byte[] archive = Files.readAllBytes(folder.resolve("shop-0.1.0.tgz"));
    String chart =
        """
        apiVersion: helm.kubra.io/v1
        kind: HelmChart
        metadata: {name: corner, namespace: kube-system}
        spec:
          chartContent: %s
          targetNamespace: corner
          createNamespace: true
          valuesContent: "greeting: good morning"
        """
            .formatted(Base64.getEncoder().encodeToString(archive));
    kubectl.runWith(chart, "apply", "-f", "-");
    kubectl.run(
        "wait", "-n", "kube-system", "helmchart/corner", "--for=condition=Ready", "--timeout=120s");
    assertThat(CLUSTER.kubra().run("helm", "list", "-n", "corner")).contains("deployed");
    awaitOutput(
        kubectl,
        "good morning",
        "exec",
        "-n",
        "corner",
        "corner-0",
        "--",
        "/bin/cat",
        "/data/index.html");

    kubectl.run(
        "patch",
        "-n",
        "kube-system",
        "helmchart",
        "corner",
        "--type=merge",
        "-p",
        "{\"spec\":{\"set\":{\"replicas\":2}}}");
    awaitOutput(kubectl, "2/2", "get", "statefulset", "corner", "-n", "corner");

    kubectl.run("delete", "-n", "kube-system", "helmchart", "corner", "--timeout=120s");
    assertThat(CLUSTER.kubra().run("helm", "list", "-n", "corner")).doesNotContain("corner\t");
    kubectl.run("delete", "namespace", "corner", "--timeout=120s");
  }

  @Test
  void whatLiesInTheFolderOfManifestsIsInTheCluster() throws Exception {
    Command kubectl = CLUSTER.namespace("kept");
    Path manifests = Path.of("/var/lib/kubra", CLUSTER.name(), "server", "manifests");
    Path file = manifests.resolve("site.yaml");
    put(file, "colour: blue");
    awaitOutput(kubectl, "blue", "get", "configmap", "site", "-o", "yaml");
    awaitOutput(kubectl, "site", "get", "addons", "-n", "kube-system");

    put(file, "colour: red");
    awaitOutput(kubectl, "red", "get", "configmap", "site", "-o", "yaml");

    Files.delete(file);
    awaitOutput(kubectl, "NotFound", "get", "configmap", "site");
  }

  private void put(Path file, String data) throws Exception {
    Path whole = folder.resolve("site.yaml");
    Files.writeString(
        whole,
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: site, namespace: kept}
        data: {%s}
        """
            .formatted(data));
    Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
