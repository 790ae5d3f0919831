package io.kubra.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.cli.CliException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalClusterTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "Big", "-a", "a-", "../x", "a/b", "name-longer-than-20-letters"})
  void aNameThatWouldNotDoIsRefused(String name) {
    assertThatThrownBy(() -> new LocalCluster(name, 0, 1))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("cannot name a cluster");
  }

  @Test
  void clustersShareNoNetworkAndNoPort() {
    Set<String> seen = new HashSet<>();
    for (int index = 0; index < LocalCluster.MOST; index++) {
      LocalCluster cluster = new LocalCluster("c" + index, index, 1);
      assertThat(seen.add(cluster.machineNetwork())).isTrue();
      assertThat(seen.add(cluster.podNetwork())).isTrue();
      assertThat(seen.add(cluster.serviceNetwork())).isTrue();
      assertThat(seen.add(cluster.bridge())).isTrue();
      assertThat(seen.add("port " + cluster.apiPort())).isTrue();
    }
  }

  @Test
  void machinesHaveNamesAndAddressesOfTheirOwn() {
    LocalCluster cluster = new LocalCluster("demo", 2, 3);

    assertThat(cluster.machines())
        .extracting(Machine::name)
        .containsExactly("demo-worker", "demo-worker2", "demo-worker3");
    assertThat(cluster.machines())
        .extracting(Machine::address)
        .containsExactly("10.89.2.11", "10.89.2.12", "10.89.2.13");
    assertThat(new LocalCluster("demo", 2, 1).machines().getFirst().name())
        .isEqualTo("demo-worker");
  }
}
