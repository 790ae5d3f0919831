package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.conformance.probe.NetworkProbes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes of the network against nodes that answer, and against nodes that do not. */
class NetworkProbesTest {
  private static final String PAGE = "HTTP/1.0 200 OK\r\n\r\n";
  private final TestCluster cluster = new TestCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void anExternalNameIsAnAliasOrNot() throws Exception {
    cluster.node().commands((pod, script) -> "canonical name = outside.example.com");
    assertThat(cluster.found(NetworkProbes.EXTERNAL_NAME)).isEqualTo("pass");
    cluster.node().commands((pod, script) -> null);
    assertThat(cluster.found(NetworkProbes.EXTERNAL_NAME))
        .isEqualTo("fail: not so: the answer names outside.example.com");
  }

  @Test
  void aBalancerGivesAnAddressThatAnswersOrNone() throws Exception {
    cluster.node().commands((pod, script) -> PAGE + "answer server");
    assertThat(cluster.found(NetworkProbes.LOAD_BALANCER)).contains("the Service got no address");
    cluster
        .node()
        .after(
            "POST .*/services",
            s ->
                cluster
                    .node()
                    .status("/services/", s, "{loadBalancer: {ingress: [{ip: 192.0.2.7}]}}"));
    assertThat(cluster.found(NetworkProbes.LOAD_BALANCER)).isEqualTo("pass");
    cluster.node().commands((pod, script) -> "");
    assertThat(cluster.found(NetworkProbes.LOAD_BALANCER))
        .isEqualTo("fail: not so: 192.0.2.7:8080 answers");
  }
}
