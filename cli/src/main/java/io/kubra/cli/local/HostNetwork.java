package io.kubra.cli.local;

import io.kubra.cli.CliException;
import io.kubra.cli.process.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The host's side of a cluster's network: the bridge, forwarding, and one nftables table. */
final class HostNetwork {
  private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");

  private final LocalCluster cluster;

  HostNetwork(LocalCluster cluster) {
    this.cluster = cluster;
  }

  private String table() {
    return cluster.proxyTable() + "_host";
  }

  /** Creates what is missing. */
  void create() {
    if (!Files.exists(Path.of("/sys/class/net", cluster.bridge()))) {
      Run.check(
          List.of("ip", "-batch", "-"),
          """
          link add %1$s type bridge
          addr add %2$s/24 dev %1$s
          link set %1$s up
          """
              .formatted(cluster.bridge(), cluster.hostAddress()));
    }
    forward();
    // Pods and machines reach what lies beyond the host under the host's own address.
    Run.check(
        List.of("nft", "-f", "-"),
        """
        add table ip %1$s
        delete table ip %1$s
        table ip %1$s {
          chain forward {
            type filter hook forward priority -10; policy accept;
            iifname "%2$s" accept
            oifname "%2$s" accept
          }
          chain postrouting {
            type nat hook postrouting priority 100; policy accept;
            oifname "%2$s" return
            ip saddr %3$s masquerade
            ip saddr %4$s ip daddr != %4$s masquerade
          }
        }
        """
            .formatted(table(), cluster.bridge(), cluster.machineNetwork(), cluster.podNetwork()));
  }

  /** Switches forwarding on and remembers that it was off. */
  private void forward() {
    try {
      if (Files.readString(FORWARDING).strip().equals("0")) {
        Files.createDirectories(LocalCluster.stateRoot());
        Files.writeString(LocalCluster.stateRoot().resolve("forwarding-was-off"), "");
        Files.writeString(FORWARDING, "1\n");
      }
    } catch (IOException e) {
      throw new CliException("cannot switch IP forwarding on: " + e.getMessage());
    }
  }

  /** Restores the host's forwarding, once the last cluster is gone. */
  static void restoreForwarding() {
    Path mark = LocalCluster.stateRoot().resolve("forwarding-was-off");
    try {
      if (Files.deleteIfExists(mark)) {
        Files.writeString(FORWARDING, "0\n");
      }
    } catch (IOException e) {
      throw new CliException("cannot restore IP forwarding: " + e.getMessage());
    }
  }

  /** Removes bridge and rules. */
  void remove() {
    for (String table : List.of(table(), cluster.proxyTable())) {
      // Adding what may be missing makes the deletion succeed in any case.
      Run.check(
          List.of("nft", "-f", "-"), "add table ip %1$s\ndelete table ip %1$s\n".formatted(table));
    }
    if (Files.exists(Path.of("/sys/class/net", cluster.bridge()))) {
      Run.check("ip", "link", "delete", cluster.bridge());
    }
  }
}
