package io.kubra.cli.local;

import io.kubra.cli.CliException;
import io.kubra.cli.process.Run;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code up} needs of the host, checked before anything is changed. */
public final class Requirements {
  private static final long LEAST_DISK = 1L << 30;

  // A program each package brings, by the package's name in Debian.
  private static final Map<String, Path> PACKAGES = new LinkedHashMap<>();

  static {
    PACKAGES.put("containerd", Path.of("/usr/bin/containerd"));
    PACKAGES.put("runc", Path.of("/usr/sbin/runc"));
    PACKAGES.put("containernetworking-plugins", Path.of("/usr/lib/cni/bridge"));
    PACKAGES.put("nftables", Path.of("/usr/sbin/nft"));
    PACKAGES.put("iproute2", Path.of("/usr/sbin/ip"));
    PACKAGES.put("catatonit", Path.of("/usr/bin/catatonit"));
  }

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
  public static void packages(PrintStream out) {
    List<String> missing = new ArrayList<>();
    PACKAGES.forEach(
        (name, program) -> {
          if (!Files.exists(program) && !Files.exists(Path.of("/opt/cni/bin/bridge"))) {
            missing.add(name);
          } else if (!Files.exists(program) && !name.equals("containernetworking-plugins")) {
            missing.add(name);
          }
        });
    if (missing.isEmpty()) {
      return;
    }
    if (!Files.exists(Path.of("/usr/bin/apt-get"))) {
      throw new CliException(
          "these programs are missing, install them: " + String.join(", ", missing));
    }
    out.println("  installing " + String.join(", ", missing));
    Run.attempt("apt-get", "update", "-q");
    List<String> install =
        new ArrayList<>(List.of("apt-get", "install", "-y", "-q", "--no-install-recommends"));
    install.addAll(missing);
    Run.Result result = Run.attempt(install, "");
    if (!result.ok()) {
      throw new CliException(
          "cannot install "
              + String.join(", ", missing)
              + "; install them by hand: apt-get install "
              + String.join(" ", missing));
    }
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
