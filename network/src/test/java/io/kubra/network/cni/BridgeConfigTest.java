package io.kubra.network.cni;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BridgeConfigTest {
  @TempDir Path folder;

  @Test
  void hostPortsAndBandwidthAreChainedWhereTheMachineHasThem() {
    assertThat(BridgeConfig.conflist("10.244.1.0/24", plugin -> true))
        .contains("\"type\": \"portmap\", \"capabilities\": {\"portMappings\": true}")
        .contains("\"type\": \"bandwidth\"");
    assertThat(BridgeConfig.conflist("10.244.1.0/24", plugin -> false))
        .contains("\"type\": \"bridge\"")
        .doesNotContain("portmap", "bandwidth");
  }

  @Test
  void aUsersConflistIsLeftAlone() throws Exception {
    Path own = folder.resolve("05-mine.conflist");
    Files.writeString(own, "{}");

    BridgeConfig.write(folder, "10.244.1.0/24");
    BridgeConfig.write(folder, "10.244.2.0/24");

    assertThat(own).hasContent("{}");
    assertThat(folder.resolve("10-kubra.conflist")).content().contains("10.244.2.0/24");
  }
}
