package io.kubra.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.schema.Catalogue;
import io.kubra.apiserver.testing.TestingApiServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalServicesTest {
  private static final String SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";

  private static Map<String, Object> service(String group, Map<String, Object> labels) {
    return Map.of(
        "metadata",
        Map.of("name", "v1beta1." + group, "labels", labels),
        "spec",
        Map.of(
            "group",
            group,
            "version",
            "v1beta1",
            "groupPriorityMinimum",
            100L,
            "versionPriority",
            100L));
  }

  @Test
  void whatAPartThatIsOffHadRegisteredIsRemovedAndOthersStay() {
    try (TestingApiServer server = TestingApiServer.start()) {
      Map<String, Object> managed = Map.of("kube-aggregator.kubernetes.io/automanaged", "onstart");
      server.send("POST", SERVICES, service("metrics.k8s.io", managed));
      server.send("POST", SERVICES, service("own.example.com", Map.of()));

      new LocalServices(server.objects(), Catalogue.extensible()).complete();

      assertThat(server.send("GET", SERVICES + "/v1beta1.metrics.k8s.io", null).status())
          .isEqualTo(404);
      assertThat(server.send("GET", SERVICES + "/v1beta1.own.example.com", null).status())
          .isEqualTo(200);
      assertThat(server.send("GET", SERVICES + "/v1.apps", null).status()).isEqualTo(200);
    }
  }
}
