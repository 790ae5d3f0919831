package io.kubra.apiserver.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.feature.FeatureGates;
import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.apiserver.testing.TestingApiServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Gates that are off take their fields away; gates that are on let them through. */
class FeatureGatesTest {
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String SCALERS =
      "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";

  private static TestingApiServer server(String... on) {
    Map<String, Boolean> wanted = new java.util.HashMap<>();
    for (String gate : on) {
      wanted.put(gate, true);
    }
    FeatureGates gates = FeatureGates.of(wanted);
    return TestingApiServer.start(b -> b.features(gates).rules(BuiltinRules.registry(gates)));
  }

  private static Map<String, Object> pod() {
    return Json.parseObject(
        """
        {"metadata":{"name":"p"},"spec":{"hostnameOverride":"other","os":{"name":"linux"},
          "containers":[{"name":"c","image":"i","lifecycle":{"stopSignal":"SIGUSR1"}}]}}"""
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static Map<String, Object> scaler(int least, String type) {
    String metric =
        type.equals("External")
            ? "{\"type\":\"External\",\"external\":{\"metric\":{\"name\":\"m\"},"
                + "\"target\":{\"type\":\"Value\",\"value\":\"1\"}}}"
            : "{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\","
                + "\"target\":{\"type\":\"Utilization\",\"averageUtilization\":50}}}";
    return Json.parseObject(
        """
        {"metadata":{"name":"s"},"spec":{"minReplicas":%d,"maxReplicas":3,
          "scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},
          "behavior":{"scaleUp":{"tolerance":"0.2"}},"metrics":[%s]}}"""
            .formatted(least, metric)
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void alphaAndBetaFieldsAreDroppedUnlessTheirGateIsOn() {
    try (TestingApiServer server = server()) {
      Map<String, Object> created = server.send("POST", PODS, pod()).tree();
      assertThat(Trees.string(created, "spec", "hostnameOverride")).isNull();
      assertThat(Json.toString(created)).doesNotContain("stopSignal");
      Map<String, Object> scaler = server.send("POST", SCALERS, scaler(1, "Resource")).tree();
      assertThat(Json.toString(scaler)).doesNotContain("tolerance");
    }
    try (TestingApiServer server =
        server("HostnameOverride", "ContainerStopSignals", "HPAConfigurableTolerance")) {
      Map<String, Object> created = server.send("POST", PODS, pod()).tree();
      assertThat(Trees.string(created, "spec", "hostnameOverride")).isEqualTo("other");
      assertThat(Json.toString(created)).contains("\"stopSignal\":\"SIGUSR1\"");
      Map<String, Object> scaler = server.send("POST", SCALERS, scaler(1, "Resource")).tree();
      assertThat(Json.toString(scaler)).contains("tolerance");
    }
  }

  @Test
  void anAutoscalerMayScaleToZeroOnlyWithItsGateAndAMetricFromOutside() {
    try (TestingApiServer server = server()) {
      assertThat(server.send("POST", SCALERS, scaler(0, "External")).text())
          .contains("spec.minReplicas: Invalid value: 0: must be greater than or equal to 1");
    }
    try (TestingApiServer server = server("HPAScaleToZero")) {
      assertThat(server.send("POST", SCALERS, scaler(0, "Resource")).text())
          .contains(
              "must specify at least one Object or External metric to support scaling to zero"
                  + " replicas");
      assertThat(server.send("POST", SCALERS, scaler(0, "External")).status()).isEqualTo(201);
    }
  }

  @Test
  void unknownGatesAndStableOnesThatAreSwitchedOffAreRefused() {
    assertThatThrownBy(() -> FeatureGates.of(Map.of("Nonsense", true)))
        .hasMessage("unrecognized feature gate: Nonsense");
    assertThatThrownBy(() -> FeatureGates.of(Map.of("SidecarContainers", false)))
        .hasMessage(
            "cannot set feature gate SidecarContainers to false, feature is locked to true");
  }
}
