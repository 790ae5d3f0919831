package io.kubra.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DatagramsTest {
  private static final String LISTING =
      """
      udp      17 28 src=10.89.0.1 dst=10.89.0.11 sport=40000 dport=30001 [UNREPLIED] src=10.244.1.5 dst=10.89.0.11 sport=5353 dport=40000 mark=0 use=1
      udp      17 12 src=10.244.1.9 dst=10.96.0.7 sport=40001 dport=53 src=10.244.1.6 dst=10.244.1.9 sport=5353 dport=40001 [ASSURED] mark=0 use=1
      udp      17 12 src=10.244.1.9 dst=10.96.0.8 sport=40002 dport=53 [UNREPLIED] src=10.96.0.8 dst=10.244.1.9 sport=53 dport=40002 mark=0 use=1
      udp      17 12 src=10.244.1.9 dst=10.96.0.10 sport=40003 dport=53 src=10.96.0.10 dst=10.244.1.9 sport=53 dport=40003 mark=0 use=1
      conntrack v1.4.7 (conntrack-tools): 4 flow entries have been shown.
      """;

  @Test
  void flowsToPodsThatAreNoEndpointsAnyMoreAreStale() {
    assertThat(
            Datagrams.stale(
                LISTING,
                Map.of(
                    "udp . 30001", Set.of("10.244.1.6"),
                    "10.96.0.7 . udp . 53", Set.of("10.244.1.6"))))
        .containsExactly(new Datagrams.Flow("10.89.0.11", "30001", "10.244.1.5"));
  }

  @Test
  void flowsThatBeganBeforeTheServiceHadEndpointsAreStale() {
    assertThat(Datagrams.stale(LISTING, Map.of("10.96.0.8 . udp . 53", Set.of("10.244.1.6"))))
        .containsExactly(new Datagrams.Flow("10.96.0.8", "53", "10.96.0.8"));
  }

  @Test
  void flowsToOtherAddressesAreLeftAlone() {
    assertThat(Datagrams.stale(LISTING, Map.of())).isEmpty();
  }
}
