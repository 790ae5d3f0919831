package io.kubra.apiserver.targets;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.ApiServer;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.store.Store;
import io.kubra.store.embedded.EmbeddedStore;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.local.LocalTransport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What Prometheus is told of nodes and pods, and what the server says of itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScrapeTargetsTest {
  private final Store store = EmbeddedStore.inMemory();
  private ApiServer server;
  private LocalTransport transport;

  @BeforeAll
  void start() throws Exception {
    server =
        ApiServer.builder(store)
            .rules(BuiltinRules.registry())
            .endpoint(ScrapeTargets::new)
            .build();
    server.start();
    server.awaitReady();
    transport = new LocalTransport(server.handler());
    create(
        "nodes",
        """
        {"metadata":{"name":"n"},"status":{
         "addresses":[{"type":"InternalIP","address":"10.0.0.1"}],
         "daemonEndpoints":{"kubeletEndpoint":{"Port":10250}}}}""");
    create(
        "pods",
        """
        {"metadata":{"name":"p","namespace":"default",
         "annotations":{"prometheus.io/scrape":"true"}},
         "spec":{"nodeName":"n","containers":[{"name":"a","image":"i",
         "ports":[{"containerPort":8080,"name":"web"}]},{"name":"b","image":"i"}]}}""");
    GroupResource pods = new GroupResource("", "pods");
    Map<String, Object> pod = server.objects().get(pods, "default", "p");
    Trees.set(pod, "10.1.0.9", "status", "podIP");
    server.objects().updateStatus(pods, pod);
  }

  private void create(String resource, String json) {
    server
        .objects()
        .create(
            new GroupResource("", resource),
            Json.parseObject(json.getBytes(StandardCharsets.UTF_8)));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private String get(String path) throws Exception {
    try (HttpClientResponse response =
        transport.send(
            HttpRequest.get(URI.create("http://local" + path))
                .withAttribute(UserInfo.class, UserInfo.of("admin", UserInfo.MASTERS)))) {
      return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aNodeIsFoundAtItsKubelet() throws Exception {
    assertThat(get("/kubra/targets/nodes"))
        .startsWith("[{\"targets\":[\"10.0.0.1:10250\"],\"labels\":{")
        .contains("\"__meta_kubernetes_node_name\":\"n\"");
  }

  @Test
  void aPodIsFoundAtEachPortAndEachContainerWithoutPorts() throws Exception {
    assertThat(get("/kubra/targets/pods"))
        .contains("\"targets\":[\"10.1.0.9:8080\"]", "\"targets\":[\"10.1.0.9\"]")
        .contains("\"__meta_kubernetes_pod_annotation_prometheus_io_scrape\":\"true\"")
        .contains("\"__meta_kubernetes_pod_container_port_name\":\"web\"");
  }

  @Test
  void requestsAreCountedByWhatIsServedAndNothingElse() throws Exception {
    get("/api/v1/namespaces/default/pods/p");
    get("/api/v1/namespaces/default/nonsense/p");
    get("/apis/invented.example/v1/things");
    assertThat(get("/metrics"))
        .containsPattern(
            "apiserver_request_total\\{code=\"200\",component=\"apiserver\",dry_run=\"\","
                + "group=\"\",resource=\"pods\",scope=\"resource\",subresource=\"\",verb=\"GET\","
                + "version=\"v1\"} [1-9]")
        .contains("apiserver_request_duration_seconds_bucket{")
        .containsPattern("apiserver_storage_objects\\{resource=\"pods\"} 1\n")
        .contains("apiserver_current_inflight_requests{request_kind=\"mutating\"} 0")
        .contains("kubernetes_build_info{git_version=\"v1.36.0+kubra\"")
        .contains("process_resident_memory_bytes")
        .doesNotContain("nonsense")
        .doesNotContain("invented");
  }
}
