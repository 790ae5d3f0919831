package io.kubra.cli.local;

import io.kubra.cli.CliException;
import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.cli.config.DistributionPackage;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code up} needs of the host, checked before anything is changed. */
public final class Requirements {
  private static final long LEAST_DISK = 1L << 30;

  private static final List<DistributionPackage> PACKAGES =
      List.of(
          DistributionPackage.of("containerd", "/usr/bin/containerd"),
          DistributionPackage.of("runc", "/usr/sbin/runc"),
          DistributionPackage.of(
              "containernetworking-plugins", "/usr/lib/cni/bridge", "/opt/cni/bin/bridge"),
          DistributionPackage.of("nftables", "/usr/sbin/nft"),
          DistributionPackage.of("conntrack", "/usr/sbin/conntrack"),
          DistributionPackage.of("iproute2", "/usr/sbin/ip"),
          DistributionPackage.of("catatonit", "/usr/bin/catatonit"));

  private Requirements() {}

  /** Refuses anyone but root. */
  public static void root(String command) {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new CliException(
          "kubra "
              + command
              + " needs root, to create namespaces and interfaces: sudo ./kubra "
              + command);
    }
  }

  /** Installs the distribution's packages that are missing, or says which ones to install. */
  public static void packages(ClusterConfiguration configuration, PrintStream out) {
    List<DistributionPackage> needed = new ArrayList<>(PACKAGES);
    needed.addAll(configuration.packages());
    List<String> missing =
        needed.stream().filter(p -> !p.present()).map(DistributionPackage::name).toList();
    if (missing.isEmpty()) {
      return;
    }
    if (!Files.exists(Path.of("/usr/bin/apt-get"))) {
      throw new CliException(
          "these programs are missing, install them: " + String.join(", ", missing));
    }
    out.println("  installing " + String.join(", ", missing));
    PackageInstallation.install(missing);
  }

  /** Refuses a full disk. */
  public static void room() {
    try {
      FileStore disk = Files.getFileStore(Path.of("/var/lib"));
      if (disk.getUsableSpace() < LEAST_DISK) {
        throw new CliException(
            "/var/lib has %d MiB free, a cluster needs at least %d MiB"
                .formatted(disk.getUsableSpace() >> 20, LEAST_DISK >> 20));
      }
    } catch (IOException e) {
      throw new CliException("cannot tell how much disk is free: " + e.getMessage());
    }
  }

  /** Refuses to start a server on a port that another program listens on. */
  public static void portFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(port));
    } catch (IOException e) {
      throw new CliException(
          "port "
              + port
              + " is taken by another program, which the API server needs: see ss -ltnp 'sport = :"
              + port
              + "'");
    }
  }
}
