package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows on egress controllers and life cycles, whose objects are of others. */
class OutsideRowsTest {
  private final TestCluster cluster = new TestCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void serves(String groupVersion, String resource, String kind) {
    cluster
        .node()
        .answer(
            "GET /apis",
            "{\"groups\":[{\"versions\":[{\"groupVersion\":\"%s\"}]}]}".formatted(groupVersion))
        .answer(
            "GET /apis/" + groupVersion,
            "{\"resources\":[{\"name\":\"%s\",\"kind\":\"%s\",\"namespaced\":true}]}"
                .formatted(resource, kind));
  }

  private void listed(String collection, String items) {
    cluster.node().answer("GET " + collection, "{\"items\":[" + items + "]}");
  }

  @Test
  void egressBindsWhereItIsOffered() throws Exception {
    assertThat(cluster.found("ra2.plat.034")).startsWith("not applicable: no egress controller");
    serves("cilium.io/v2", "ciliumegressgatewaypolicies", "CiliumEgressGatewayPolicy");
    listed(
        "/apis/cilium.io/v2/ciliumegressgatewaypolicies",
        "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"destinationCIDRs\":[\"0.0.0.0/0\"],\"egressGateway\":{\"egressIP\":\"192.0.2.1\"}}}");
    assertThat(cluster.found("ra2.plat.034"))
        .isEqualTo(
            "not checkable: it is seen only by a listener outside the cluster: the same source"
                + " address while the pod restarts and moves");
    assertThat(cluster.found("ra2.plat.035"))
        .isEqualTo("fail: egress objects name 1 source addresses, 2 or more are wanted");
    listed("/apis/cilium.io/v2/ciliumegressgatewaypolicies", "");
    assertThat(cluster.found("ra2.plat.034")).startsWith("fail: egress objects name 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"001", "002", "003", "004", "005", "006", "007", "008", "009"})
  void withoutALifeCycleApiEveryRowFails(String row) throws Exception {
    assertThat(cluster.found("ra2.lcm." + row)).startsWith("fail: no version of");
  }

  @Test
  void machinesNameTheirNodesOrNot() throws Exception {
    serves("cluster.x-k8s.io/v1beta1", "machines", "Machine");
    String path = "/apis/cluster.x-k8s.io/v1beta1/machines";
    listed(path, "");
    assertThat(cluster.found("ra2.lcm.005")).isEqualTo("fail: not so: there are Machines: 0");
    listed(path, "{\"metadata\":{\"name\":\"m\"},\"status\":{\"nodeRef\":{\"name\":\"one\"}}}");
    assertThat(cluster.found("ra2.lcm.005")).isEqualTo("pass");
    listed(path, "{\"metadata\":{\"name\":\"m\"}}");
    assertThat(cluster.found("ra2.lcm.005")).isEqualTo("fail: m names no node");
  }

  @Test
  void aRolloutHasAStrategyOrNot() throws Exception {
    String crd = "GET .*/customresourcedefinitions/machinedeployments.cluster.x-k8s.io";
    String body =
        "{\"spec\":{\"versions\":[{\"name\":\"v1beta2\",\"served\":true,\"schema\":{\"openAPIV3Schema\":{\"properties\":{\"spec\":{\"properties\":%s}}}}}]}}";
    cluster.node().answer(crd, body.formatted("{\"rollout\":{\"properties\":{\"strategy\":{}}}}"));
    assertThat(cluster.found("ra2.lcm.007")).isEqualTo("pass");
    cluster.node().answer(crd, body.formatted("{}"));
    assertThat(cluster.found("ra2.lcm.007")).isEqualTo("fail: not so: v1beta2 has a strategy");
  }

  @Test
  void aClusterObjectIsStoredOrNot() throws Exception {
    serves("cluster.x-k8s.io/v1beta1", "clusters", "Cluster");
    cluster
        .node()
        .answer(
            "POST .*/clusters",
            r -> java.util.Optional.of(new FakeNode.Answer(403, "{\"message\":\"no\"}")))
        .answer("GET .*/clusters", "{}");
    assertThat(cluster.found("ra2.lcm.004"))
        .isEqualTo("fail: Cluster: a trial creation was answered 403: no");
  }
}
