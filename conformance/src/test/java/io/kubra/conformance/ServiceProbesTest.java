package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.ServiceProbes;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes of Services and names against a network that carries them, and one that does not. */
class ServiceProbesTest {
  private final TestCluster cluster = new TestCluster();
  private final FakeNet net = new FakeNet("server");

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** Names resolve as soon as their Services exist. */
  private void names() {
    cluster
        .node()
        .commands(net)
        .after(
            "POST .*/services",
            s -> {
              String address = Trees.stringOr(s, "", "spec", "clusterIP");
              String zone = Named.namespace(s) + ".svc.cluster.local";
              String name = Named.name(s);
              if (address.equals("None")) {
                net.names.put(name + "." + zone, "Address: 10.9.0.1");
              } else {
                net.names.put("srv _http._tcp." + name, "service = 0 100 8080 " + name);
                net.names.put(name, "Address: " + address);
                net.names.put(address, "name = " + name + "." + zone);
              }
            });
  }

  @Test
  void namesAreKnownOrNot() throws Exception {
    cluster
        .node()
        .commands(net)
        .pods(
            p ->
                "{phase: Running, podIP: 10.9.0.1, conditions: [{type: Ready, status: \"True\"}]}");
    assertThat(cluster.found(ServiceProbes.NAMES)).contains("resolves to").contains("headless");
    names();
    net.scripts.put("-type=srv", "Server: x\n\nservice = 0 100 8080 server");
    assertThat(cluster.found(ServiceProbes.NAMES)).isEqualTo("pass");
  }

  @Test
  void datagramsArriveAndRepliesComeBackOrNot() throws Exception {
    names();
    net.scripts.put("resolv.conf", "10.0.0.10\n");
    assertThat(cluster.found(ServiceProbes.UDP)).isEqualTo("pass");
    net.datagrams.clear();
    assertThat(cluster.found(ServiceProbes.UDP)).contains("arrive");
    net.scripts.remove("resolv.conf");
    assertThat(cluster.found(ServiceProbes.UDP)).contains("no nameserver");
  }

  @Test
  void bothFamiliesAreGivenOrNot() throws Exception {
    assertThat(cluster.found(ServiceProbes.DUAL_STACK)).startsWith("fail: ");
    cluster
        .node()
        .answer(
            "POST .*/services",
            r ->
                Optional.of(
                    new FakeNode.Answer(
                        201, "{\"spec\":{\"clusterIPs\":[\"10.0.0.1\",\"fd00::1\"]}}")))
        .answer(
            "GET .*/endpointslices",
            "{\"items\":[{\"addressType\":\"IPv4\"},{\"addressType\":\"IPv6\"}]}");
    assertThat(cluster.found(ServiceProbes.DUAL_STACK)).isEqualTo("pass");
  }
}
