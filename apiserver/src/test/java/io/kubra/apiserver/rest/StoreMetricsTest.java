package io.kubra.apiserver.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.apiserver.testing.TestingApiServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreMetricsTest {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @Test
  void operationsOfTheStoreAreTimedUnderUpstreamsNames() {
    try (TestingApiServer server = TestingApiServer.start()) {
      Map<String, Object> map = Map.of("metadata", Map.of("name", "m"));
      assertThat(server.send("POST", MAPS, map).status()).isEqualTo(201);
      assertThat(server.send("POST", MAPS, map).status()).isEqualTo(409);
      assertThat(server.send("DELETE", MAPS + "/m", null).status()).isEqualTo(200);

      assertThat(server.send("GET", "/metrics", null).text())
          .contains(
              "etcd_request_duration_seconds_count"
                  + "{group=\"\",operation=\"create\",resource=\"configmaps\"} 2\n",
              "etcd_requests_total{group=\"\",operation=\"delete\",resource=\"configmaps\"} 1\n")
          .doesNotContain("etcd_request_errors_total{");
    }
  }
}
