package io.kubra.cli.local;

import io.kubra.cli.process.Daemon;
import io.kubra.cli.process.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A worker of a local cluster: a network namespace with one interface on the cluster's bridge, and
 * a mount namespace in which {@code /run}, {@code /var/lib} and {@code /var/log} are its own, so
 * that containerd and the agent use the paths they would use on a real machine. Both namespaces are
 * pinned to files and outlive their processes.
 *
 * @param number from 1
 */
public record Machine(LocalCluster cluster, int number) {
  private static final String PREPARE_MOUNTS =
      """
      set -e
      mount --bind "$1/var-log" /var/log
      mount --bind "$2" /run
      mount --bind "$1/var-lib" /var/lib
      """;
  private static final String PREPARE_NETWORK =
      """
      set -e
      echo 1 > /proc/sys/net/ipv4/ip_forward
      for f in /proc/sys/net/bridge/bridge-nf-call-iptables; do [ ! -e $f ] || echo 1 > $f; done
      """;

  /** The node's name; the first one has no number, so that it stays the same among others. */
  public String name() {
    return cluster.name() + "-worker" + (number == 1 ? "" : number);
  }

  /** The node's address on the bridge. */
  public String address() {
    return "10.89." + cluster.index() + "." + (10 + number);
  }

  /** What stands for the machine's disk. */
  public Path disk() {
    return cluster.state().resolve("nodes").resolve(name());
  }

  /** The machine's {@code /run} as the host sees it. */
  Path run() {
    return cluster.run().resolve(name());
  }

  /** The machine's {@code /var/lib} as the host sees it. */
  public Path varLib() {
    return disk().resolve("var-lib");
  }

  /** containerd's socket as the host sees it. */
  public Path containerdSocket() {
    return run().resolve("containerd/containerd.sock");
  }

  private String networkNamespace() {
    return "kubra-" + name();
  }

  private Path mountNamespace() {
    return cluster.run().resolve(name() + ".mnt");
  }

  private String hostInterface() {
    return "kubra" + cluster.index() + "w" + number;
  }

  String cgroup() {
    return cluster.cgroup() + "/" + name();
  }

  /** The machine's containerd. */
  public Daemon containerd() {
    return daemon("containerd");
  }

  /** The machine's agent. */
  public Daemon agent() {
    return daemon("agent");
  }

  private Daemon daemon(String name) {
    return new Daemon(
        name,
        cluster.run().resolve(name() + "." + name + ".pid"),
        disk().resolve("var-log/" + name + ".log"));
  }

  /** Creates what is missing of the machine; harmless when it is all there. */
  void create() {
    try {
      Files.createDirectories(disk().resolve("var-log/pods"));
      Files.createDirectories(disk().resolve("var-log/containers"));
      Files.createDirectories(varLib().resolve("containerd"));
      Files.createDirectories(varLib().resolve("cni/net.d"));
      Files.createDirectories(varLib().resolve("kubelet"));
      Files.createDirectories(run().resolve("netns"));
      Files.createDirectories(run().resolve("lock"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    createNetwork();
    createMounts();
  }

  private void createNetwork() {
    if (!Files.exists(Path.of("/run/netns", networkNamespace()))) {
      Run.check("ip", "netns", "add", networkNamespace());
    }
    if (!Files.exists(Path.of("/sys/class/net", hostInterface()))) {
      Run.check(
          List.of("ip", "-batch", "-"),
          """
          link add %1$s type veth peer name eth0 netns %2$s
          link set %1$s master %3$s up
          """
              .formatted(hostInterface(), networkNamespace(), cluster.bridge()));
      Run.check(
          List.of("ip", "-n", networkNamespace(), "-batch", "-"),
          """
          link set lo up
          addr add %s/24 dev eth0
          link set eth0 up
          route add default via %s
          """
              .formatted(address(), cluster.hostAddress()));
      Run.check("nsenter", "--net=/run/netns/" + networkNamespace(), "sh", "-c", PREPARE_NETWORK);
    }
  }

  private void createMounts() {
    Path file = mountNamespace();
    if (Mounts.isMountPoint(file)) {
      return;
    }
    try {
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Run.check(
        "unshare",
        "--mount=" + file,
        "--propagation=private",
        "sh",
        "-c",
        PREPARE_MOUNTS,
        "sh",
        disk().toString(),
        run().toString());
  }

  /** The command, run inside the machine. */
  List<String> inside(List<String> command) {
    List<String> full = new ArrayList<>();
    full.add("nsenter");
    full.add("--net=/run/netns/" + networkNamespace());
    full.add("--mount=" + mountNamespace());
    full.add("--");
    full.addAll(command);
    return full;
  }

  /** Removes namespaces and interface; the machine's processes must have ended. */
  void remove() {
    Mounts.unmount(mountNamespace());
    if (Files.exists(Path.of("/run/netns", networkNamespace()))) {
      Run.check("ip", "netns", "delete", networkNamespace());
    }
    if (Files.exists(Path.of("/sys/class/net", hostInterface()))) {
      Run.attempt("ip", "link", "delete", hostInterface());
    }
  }
}
