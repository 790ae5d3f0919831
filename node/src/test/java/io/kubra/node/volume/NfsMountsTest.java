package io.kubra.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.model.core.v1.NFSVolumeSource;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What would be run; the share itself needs a server and a kernel with an NFS client. */
class NfsMountsTest {
  private static final Path TARGET = Path.of("/t");

  private static NFSVolumeSource share(String server) {
    return NFSVolumeSource.builder().server(server).path("/data; rm -rf /").build();
  }

  @Test
  void argumentsArePassedAsTheyAre() throws VolumeException {
    assertThat(NfsMounts.command(share("nfs.example"), TARGET, List.of("nfsvers=4.1"), true))
        .containsExactly(
            "mount", "-t", "nfs", "-o", "nfsvers=4.1,ro", "nfs.example:/data; rm -rf /", "/t");
  }

  @Test
  void addressesOfVersionSixGetBrackets() throws VolumeException {
    assertThat(NfsMounts.command(share("fd00::1"), TARGET, List.of(), false))
        .containsExactly("mount", "-t", "nfs", "[fd00::1]:/data; rm -rf /", "/t");
  }

  @Test
  void aServerThatLooksLikeAnOptionIsRefused() {
    assertThatThrownBy(() -> NfsMounts.command(share("-o"), TARGET, List.of(), false))
        .hasMessageContaining("is not the name of an NFS server");
  }
}
