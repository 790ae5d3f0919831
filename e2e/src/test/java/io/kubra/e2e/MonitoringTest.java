package io.kubra.e2e;

import static io.kubra.e2e.TestCluster.awaitOutput;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Prometheus, its targets and rules, and the metrics API. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class MonitoringTest {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  @BeforeAll
  static void needsPrograms() {
    TestCluster.needs(
        "/usr/bin/prometheus",
        "/usr/bin/prometheus-node-exporter",
        "/usr/bin/prometheus-alertmanager");
  }

  private static String get(String address) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void allTargetsAreUpAndTheRulesAreLoaded() throws Exception {
    String prometheus = CLUSTER.kubra("open", "prometheus").strip();

    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () ->
                assertThat(get(prometheus + "/api/v1/targets"))
                    .contains("\"job\":\"apiserver\"", "\"job\":\"kubelet\"")
                    .contains("\"job\":\"node-exporter\"", "\"job\":\"alertmanager\"")
                    .contains("\"health\":\"up\"")
                    .doesNotContain("\"health\":\"down\"", "\"health\":\"unknown\""));
    assertThat(get(prometheus + "/api/v1/rules")).contains("KubeAPIDown", "KubePodCrashLooping");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(
                        get(
                            prometheus
                                + "/api/v1/query?query=count(container_memory_working_set_bytes)"))
                    .contains("\"value\""));
    assertThat(get(prometheus + "/api/v1/alertmanagers")).contains("/api/v2/alerts");
    String alertmanager = CLUSTER.kubra("open", "alertmanager").strip();
    assertThat(get(alertmanager + "/api/v2/status")).contains("\"cluster\"");
  }

  @Test
  void kubectlTopShowsNodesAndPods() {
    Command kubectl = CLUSTER.namespace("used");
    kubectl.run("run", "idle", "--image=" + TestImage.NAME);

    awaitOutput(kubectl, CLUSTER.name() + "-worker", "top", "nodes");
    awaitOutput(kubectl, "Mi", "top", "pod", "idle", "--containers");
  }
}
