package io.kubra.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kubra.apiserver.ApiServer;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.store.Store;
import io.kubra.store.embedded.EmbeddedStore;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.local.LocalTransport;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Whole requests to a server in memory: whatever is asked, it never fails by itself. */
class ServerFuzzTest {
  private static final Store STORE = EmbeddedStore.inMemory();
  private static final ApiServer SERVER =
      ApiServer.builder(STORE).rules(BuiltinRules.registry()).build();
  private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");
  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/yaml",
          "application/vnd.kubernetes.protobuf",
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/strategic-merge-patch+json",
          "application/apply-patch+yaml");
  private static final List<String> PATHS =
      List.of(
          "/api/v1/namespaces/default/pods",
          "/api/v1/namespaces/default/configmaps",
          "/api/v1/namespaces/default/services",
          "/api/v1/nodes",
          "/apis/apps/v1/namespaces/default/deployments",
          "/apis/batch/v1/namespaces/default/cronjobs",
          "/apis/networking.k8s.io/v1/namespaces/default/ingresses",
          "/apis/rbac.authorization.k8s.io/v1/clusterroles",
          "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
          "/apis/storage.k8s.io/v1/storageclasses");

  /** 504 says that a resource version is not known yet. */
  private static final Set<Integer> HONEST_FAILURES = Set.of(501, 503, 504);

  @BeforeAll
  static void start() throws InterruptedException {
    SERVER.start();
    SERVER.awaitReady();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
    STORE.close();
  }

  @FuzzTest(maxDuration = "60s")
  void noRequestMakesTheServerFail(FuzzedDataProvider data) throws IOException {
    String path = data.pickValue(PATHS) + data.consumeAsciiString(40);
    URI uri;
    try {
      uri = new URI(null, null, path, data.consumeAsciiString(60), null);
    } catch (URISyntaxException e) {
      return;
    }
    HttpHeaders headers = new HttpHeaders().set("Content-Type", data.pickValue(TYPES));
    String method = data.pickValue(METHODS);
    byte[] body = data.consumeRemainingAsBytes();
    try (HttpClientResponse response =
        new LocalTransport(SERVER.handler()).send(HttpRequest.of(method, uri, headers, body))) {
      int status = response.status();

      assertThat(status < 500 || HONEST_FAILURES.contains(status))
          .as("%s %s was answered %d", method, uri, status)
          .isTrue();
    }
  }
}
