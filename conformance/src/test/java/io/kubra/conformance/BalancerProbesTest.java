package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.BalancerProbes;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes of a load balancer against one that works, one that does not, and none. */
class BalancerProbesTest {
  private final TestCluster cluster = new TestCluster();
  private final FakeNet net = new FakeNet("a", "b");

  @BeforeEach
  void balancer() {
    cluster
        .node()
        .commands(net)
        .after(
            "POST .*/services",
            s -> {
              boolean own = Trees.get(s, "spec", "loadBalancerClass") == null;
              if ("LoadBalancer".equals(Trees.string(s, "spec", "type")) && own) {
                cluster
                    .node()
                    .status("/services/", s, "{loadBalancer: {ingress: [{ip: 192.0.2.7}]}}");
              }
            });
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"004", "005", "007", "008", "009", "010", "011", "012", "013", "014"})
  void withoutABalancerEveryRowSaysSo(String row) throws Exception {
    cluster.node().after("POST .*/services", s -> {});
    assertThat(cluster.found("ra2.plat." + row)).startsWith("fail: the Service got no address");
  }

  @Test
  void bothProtocolsReachAllPodsOrNot() throws Exception {
    assertThat(cluster.found(BalancerProbes.BOTH_PROTOCOLS)).isEqualTo("pass");
    net.datagrams.remove("b");
    assertThat(cluster.found(BalancerProbes.BOTH_PROTOCOLS))
        .isEqualTo("fail: not so: UDP flows reach both pods");
    net.servers.remove("b");
    assertThat(cluster.found(BalancerProbes.BOTH_PROTOCOLS))
        .startsWith("fail: not so: TCP connections reach both pods");
  }

  @Test
  void trafficFollowsScalingOrNot() throws Exception {
    net.servers.add("c");
    assertThat(cluster.found(BalancerProbes.SCALING))
        .isEqualTo("fail: not so: the one pod left gets all after scaling in");
    cluster.node().after("DELETE .*/pods/[bc]", p -> net.servers.remove(Named.name(p)));
    assertThat(cluster.found(BalancerProbes.SCALING)).isEqualTo("pass");
  }

  @Test
  void theLossOfAPodIsSurvivedOrNot() throws Exception {
    assertThat(cluster.found(BalancerProbes.ENDPOINT_LOSS))
        .isEqualTo("fail: not so: ten of ten connections reach the pod that is left");
    cluster.node().after("DELETE .*/pods/b", p -> net.servers.remove("b"));
    assertThat(cluster.found(BalancerProbes.ENDPOINT_LOSS)).isEqualTo("pass");
  }

  @Test
  void sharesAreEvenOrNot() throws Exception {
    net.servers.add("c");
    assertThat(cluster.found(BalancerProbes.EVEN)).isEqualTo("pass");
    net.servers.addAll(List.of("a", "a", "a", "a", "a", "a", "a"));
    assertThat(cluster.found(BalancerProbes.EVEN))
        .isEqualTo("fail: not so: each of three pods gets about a third");
  }

  @Test
  void bytesPassUnchangedOrNot() throws Exception {
    assertThat(cluster.found(BalancerProbes.LAYER_FOUR)).isEqualTo("pass");
    net.transparent = false;
    assertThat(cluster.found(BalancerProbes.LAYER_FOUR))
        .contains("the bytes that the pod sent back");
  }

  @Test
  void severitiesAreFoundOrNot() throws Exception {
    assertThat(cluster.found(BalancerProbes.EVENT_LOG))
        .isEqualTo("fail: not so: there are several severities: []");
    cluster
        .namespace("metallb-system")
        .with(
            "/api/v1/namespaces/metallb-system/pods",
            "{apiVersion: v1, kind: Pod, metadata: {name: speaker}, spec: {containers: [{name: s, image: quay.io/metallb/speaker}]}}")
        .node()
        .answer(
            "GET .*/pods/speaker/log", "{\"level\":\"info\"}\n{\"level\":\"error\",\"msg\":\"x\"}");
    assertThat(cluster.found(BalancerProbes.EVENT_LOG)).isEqualTo("pass");
  }

  @Test
  void aSickPodLeavesTheRotationOrNot() throws Exception {
    assertThat(cluster.found(BalancerProbes.WATCHES))
        .isEqualTo("fail: not so: the sick one gets no connections");
    cluster
        .node()
        .commands(
            (pod, script) -> {
              if (script.startsWith("touch")) {
                net.servers.remove("b");
              } else if (script.startsWith("rm")) {
                net.servers.add("b");
              }
              return net.apply(pod, script);
            });
    assertThat(cluster.found(BalancerProbes.WATCHES)).isEqualTo("pass");
  }

  @Test
  void directReturnIsReadWhereItIsConfigured() throws Exception {
    assertThat(cluster.found(BalancerProbes.DIRECT_RETURN)).startsWith("not checkable");
    cluster
        .namespace("cilium")
        .with(
            "/api/v1/namespaces/cilium/configmaps",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: cilium-config}, data: {bpf-lb-mode: dsr}}");
    assertThat(cluster.found(BalancerProbes.DIRECT_RETURN)).isEqualTo("pass");
  }

  @Test
  void connectionsAndClientsStayOrNot() throws Exception {
    net.scripts.put("sleep 6", "one\ntwo\n");
    assertThat(cluster.found(BalancerProbes.STATE))
        .isEqualTo("fail: not so: with ClientIP, twelve of twelve connections reach one pod");
    net.servers.remove("b");
    assertThat(cluster.found(BalancerProbes.STATE)).isEqualTo("pass");
    net.scripts.put("sleep 6", "one\n");
    assertThat(cluster.found(BalancerProbes.STATE)).contains("what was sent before and after");
  }

  @Test
  void aFlowOfDatagramsStaysOrNot() throws Exception {
    assertThat(cluster.found(BalancerProbes.DATAGRAMS)).contains("3 datagrams and pod b 3");
    net.datagrams.remove("b");
    assertThat(cluster.found(BalancerProbes.DATAGRAMS)).isEqualTo("pass");
    net.datagrams.clear();
    assertThat(cluster.found(BalancerProbes.DATAGRAMS)).isEqualTo("fail: not so: datagrams arrive");
  }

  @Test
  void piecesArePutTogetherOrNot() throws Exception {
    net.datagrams.remove("b");
    assertThat(cluster.found(BalancerProbes.FRAGMENTS)).isEqualTo("pass");
    net.reassembles = false;
    assertThat(cluster.found(BalancerProbes.FRAGMENTS))
        .isEqualTo("fail: not so: datagrams are put together");
  }

  @Test
  void aGapOfFiveSecondsIsTooLong() throws Exception {
    net.scripts.put("longest", "120\n");
    assertThat(cluster.found(BalancerProbes.FAST)).isEqualTo("pass");
    net.scripts.put("longest", "510\n");
    assertThat(cluster.found(BalancerProbes.FAST))
        .isEqualTo("fail: the longest time without an answer was 5.1 s");
  }

  @Test
  void thePolicyLocalIsKeptOrNot() throws Exception {
    cluster
        .node("one", "{}", "{addresses: [{type: InternalIP, address: 192.0.2.1}]}")
        .node()
        .pods(p -> cluster.node().usualStatus(p));
    assertThat(cluster.found(BalancerProbes.FIELDS)).isEqualTo("pass");
    cluster
        .node()
        .after(
            "POST .*/services",
            s ->
                cluster
                    .node()
                    .status("/services/", s, "{loadBalancer: {ingress: [{ip: 192.0.2.7}]}}"));
    assertThat(cluster.found(BalancerProbes.FIELDS))
        .isEqualTo(
            "fail: not so: a Service of the class conformance.kubra.io/none gets no address");
  }

  @Test
  void whatLiesOutsideIsNotGuessed() throws Exception {
    assertThat(cluster.found(BalancerProbes.ANNOUNCED)).startsWith("not checkable: 192.0.2.7:8080");
    assertThat(cluster.found(BalancerProbes.MULTIPATH)).contains("one node that runs pods");
  }
}
