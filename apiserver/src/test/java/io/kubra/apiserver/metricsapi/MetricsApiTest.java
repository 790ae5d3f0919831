package io.kubra.apiserver.metricsapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.api.json.Json;
import io.kubra.api.meta.GroupResource;
import io.kubra.apiserver.ApiServer;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.node.NodeConnector;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.store.Store;
import io.kubra.store.embedded.EmbeddedStore;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.HttpServer;
import io.kubra.transport.local.LocalTransport;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A node whose one pod uses half a core in two containers, as the metrics API shows it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsApiTest {
  private static final GroupResource NODES = new GroupResource("", "nodes");
  private static final GroupResource PODS = new GroupResource("", "pods");

  private final Store store = EmbeddedStore.inMemory();
  private final HttpClient client = HttpClient.builder().build();
  private final HttpServer kubelet =
      HttpServer.builder()
          .bind(new InetSocketAddress("127.0.0.1", 0))
          .handler(MetricsApiTest::answer)
          .start();
  private MetricsApi api;
  private ApiServer server;
  private LocalTransport transport;

  private static void answer(HttpExchange x) {
    long now = System.currentTimeMillis();
    String text =
        """
        # TYPE node_cpu_usage_seconds_total counter
        node_cpu_usage_seconds_total %1$s %2$d
        node_memory_working_set_bytes 1.048576e+06 %2$d
        container_cpu_usage_seconds_total{container="a",namespace="default",pod="p"} %3$s %2$d
        container_memory_working_set_bytes{container="a",namespace="default",pod="p"} 2048 %2$d
        container_cpu_usage_seconds_total{container="b",namespace="default",pod="p"} %3$s %2$d
        container_memory_working_set_bytes{container="b",namespace="default",pod="p"} 4096 %2$d
        """
            .formatted(now / 1000.0, now, now / 4000.0);
    x.respond(200, new HttpHeaders(), text.getBytes(StandardCharsets.UTF_8));
  }

  @BeforeAll
  void start() throws Exception {
    URI base = URI.create("http://127.0.0.1:" + kubelet.port());
    NodeConnector connector = name -> new NodeConnector.Endpoint(base, client);
    server =
        ApiServer.builder(store)
            .rules(BuiltinRules.registry())
            .group(objects -> api(objects, connector))
            .hook(objects -> api(objects, connector).hook())
            .build();
    server.start();
    server.awaitReady();
    transport = new LocalTransport(server.handler());
    server
        .objects()
        .create(
            NODES,
            Json.parseObject(
                """
                {"metadata":{"name":"n","labels":{"disk":"ssd"}},
                 "status":{"daemonEndpoints":{"kubeletEndpoint":{"Port":1}}}}"""
                    .getBytes(StandardCharsets.UTF_8)));
    server
        .objects()
        .create(
            PODS,
            Json.parseObject(
                """
                {"metadata":{"name":"p","namespace":"default","labels":{"app":"web"}},
                 "spec":{"nodeName":"n","containers":[{"name":"a","image":"i"},
                 {"name":"b","image":"i"}]}}"""
                    .getBytes(StandardCharsets.UTF_8)));
    await().untilAsserted(() -> assertThat(text("pods", "")).contains("\"name\":\"p\""));
  }

  private MetricsApi api(ObjectAccess objects, NodeConnector connector) {
    if (api == null) {
      api = new MetricsApi(objects, connector, Clock.systemUTC());
    }
    return api;
  }

  @AfterAll
  void stop() {
    api.close();
    server.close();
    kubelet.close();
    client.close();
  }

  private HttpClientResponse send(String method, String path, String accept) {
    return transport.send(
        HttpRequest.of(
                method,
                URI.create("http://local/apis/metrics.k8s.io/v1beta1/" + path),
                HttpHeaders.of("Accept", accept))
            .withAttribute(UserInfo.class, UserInfo.of("admin", UserInfo.MASTERS)));
  }

  private String text(String path, String accept) throws Exception {
    try (HttpClientResponse response =
        send("GET", path, accept.isEmpty() ? "application/json" : accept)) {
      return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aPodsUseIsThatOfEachContainer() throws Exception {
    Map<String, Object> pod =
        Json.parseObject(text("namespaces/default/pods/p", "").getBytes(StandardCharsets.UTF_8));
    assertThat(pod)
        .containsEntry("kind", "PodMetrics")
        .containsEntry("apiVersion", "metrics.k8s.io/v1beta1")
        .containsKeys("timestamp", "window");
    assertThat(String.valueOf(pod.get("window"))).matches("\\d+\\.\\d+s");
    assertThat(String.valueOf(pod.get("containers")))
        .matches(
            "\\[\\{name=a, usage=\\{cpu=2[45]\\d{7}n, memory=2Ki}}, "
                + "\\{name=b, usage=\\{cpu=2[45]\\d{7}n, memory=4Ki}}]");
  }

  @Test
  void whoPrefersProtobufGetsJsonIfThatIsAcceptable() throws Exception {
    assertThat(text("nodes", "application/vnd.kubernetes.protobuf,application/json"))
        .startsWith("{\"kind\":\"NodeMetricsList\"");
    assertThat(text("nodes", "application/vnd.kubernetes.protobuf")).contains("NotAcceptable");
  }

  @Test
  void aNodesUseIsItsOwn() throws Exception {
    assertThat(text("nodes/n", ""))
        .containsPattern("\"usage\":\\{\"cpu\":\"(9|10)\\d{8}n\",\"memory\":\"1024Ki\"}");
  }

  @Test
  void listsAreSelectedByLabelFieldAndNamespace() throws Exception {
    assertThat(text("pods?labelSelector=app%3Dweb", "")).contains("\"name\":\"p\"");
    assertThat(text("pods?labelSelector=app%3Dother", "")).contains("\"items\":[]");
    assertThat(text("pods?fieldSelector=metadata.name%3Dp", "")).contains("\"name\":\"p\"");
    assertThat(text("pods?fieldSelector=metadata.name%3Dq", "")).contains("\"items\":[]");
    assertThat(text("namespaces/other/pods", "")).contains("\"items\":[]");
    assertThat(text("nodes?labelSelector=disk%3Dssd", ""))
        .contains("NodeMetricsList")
        .contains("\"name\":\"n\"");
    assertThat(text("pods?fieldSelector=spec.nodeName%3Dn", ""))
        .contains("is not a known field selector");
  }

  @Test
  void whatIsNotMeasuredIsNotFound() throws Exception {
    assertThat(text("namespaces/default/pods/q", ""))
        .contains("podmetrics.metrics.k8s.io \\\"default/q\\\" not found");
    assertThat(text("nodes/q", "")).contains("nodemetrics.metrics.k8s.io \\\"q\\\" not found");
    assertThat(text("secrets", "")).contains("the server could not find the requested resource");
    try (HttpClientResponse response = send("DELETE", "nodes/n", "application/json")) {
      assertThat(response.status()).isEqualTo(405);
    }
  }

  @Test
  void tablesAddThePodsContainersUp() throws Exception {
    assertThat(text("pods", "application/json;as=Table;v=v1;g=meta.k8s.io"))
        .contains("\"kind\":\"Table\"")
        .containsPattern("\"cells\":\\[\"p\",\"(49|50)\\d{7}n\",\"6Ki\",\"[0-9.]+s\"]");
  }

  @Test
  void theApiIsRegisteredAsAvailable() {
    assertThat(
            String.valueOf(
                server
                    .objects()
                    .get(
                        new GroupResource("apiregistration.k8s.io", "apiservices"),
                        "",
                        "v1beta1.metrics.k8s.io")))
        .contains("type=Available, status=True");
  }
}
