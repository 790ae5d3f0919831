package io.kubra.cli.local;

import io.kubra.cli.CliException;
import io.kubra.cli.config.Part;
import io.kubra.cli.process.Daemon;
import io.kubra.cli.process.Run;
import io.kubra.cli.runtime.OciRuntime;
import io.kubra.cli.runtime.OciRuntimes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The containerd of one machine: its configuration, its start, its images. */
public final class Containerd {
  /** The image that pod sandboxes run; made on the spot, because there may be no registry. */
  static final String SANDBOX_IMAGE = "localhost/kubra/pause:1";

  private static final Path PAUSE_PROGRAM = Path.of("/usr/bin/catatonit");
  private static final Duration GRACE = Duration.ofSeconds(10);
  private final Machine machine;

  /** The containerd of the machine. */
  public Containerd(Machine machine) {
    this.machine = machine;
  }

  private static String cniPlugins() {
    return Files.isDirectory(Path.of("/usr/lib/cni")) ? "/usr/lib/cni" : "/opt/cni/bin";
  }

  /** Paths are the machine's own, not the host's. */
  private String configuration() {
    boolean mayLowerOomScores = Capabilities.has(Capabilities.SYS_RESOURCE);
    return """
        # Written by kubra up; changes are lost at the next start.
        version = 2
        root = "/var/lib/containerd"
        state = "/run/containerd"
        oom_score = 0
        disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.aufs",
          "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
          "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp"]
        [grpc]
          address = "/run/containerd/containerd.sock"
        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "%s"
          restrict_oom_score_adj = %s
          stream_server_address = "127.0.0.1"
          stream_server_port = "0"
          max_container_log_line_size = 16384
          device_ownership_from_security_context = true
          enable_unprivileged_ports = true
          enable_unprivileged_icmp = true
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "%s"
            conf_dir = "/var/lib/cni/net.d"
          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "overlayfs"
            default_runtime_name = "runc"
        %s
          [plugins."io.containerd.grpc.v1.cri".registry]
            config_path = "/var/lib/containerd/certs.d"
        """
        .formatted(SANDBOX_IMAGE, !mayLowerOomScores, cniPlugins(), runtimes());
  }

  private String runtimes() {
    boolean sandbox = machine.cluster().configuration().enabled(Part.SANDBOX);
    return new OciRuntimes(machine.varLib().resolve("kubra"), "/var/lib/kubra", sandbox)
        .find().stream().map(OciRuntime::configuration).collect(Collectors.joining());
  }

  /**
   * Starts containerd unless it runs with the configuration that it should have; returns at once.
   * Containers do not notice when it starts again.
   */
  void start() {
    Daemon daemon = machine.containerd();
    Path file = machine.varLib().resolve("containerd/config.toml");
    byte[] wanted = configuration().getBytes(StandardCharsets.UTF_8);
    try {
      boolean same = Files.exists(file) && Arrays.equals(Files.readAllBytes(file), wanted);
      if (same && daemon.find().isPresent()) {
        return;
      }
      daemon.stop(GRACE);
      Files.write(file, wanted);
      Files.deleteIfExists(machine.containerdSocket());
    } catch (IOException e) {
      throw new CliException("cannot write containerd's configuration: " + e.getMessage());
    }
    List<Path> cgroups = Cgroups.create(machine.cgroup() + "/system");
    daemon.start(
        machine.inside(List.of("containerd", "--config", "/var/lib/containerd/config.toml")),
        cgroups,
        Map.of());
  }

  /** Waits until containerd answers, and gives it the sandbox image. */
  void awaitReady() {
    long end = System.nanoTime() + 30_000_000_000L;
    while (!Files.exists(machine.containerdSocket()) || !ctr("version").ok()) {
      if (machine.containerd().find().isEmpty() || System.nanoTime() > end) {
        throw new CliException(
            "containerd of "
                + machine.name()
                + " did not start; its last words:\n"
                + machine.containerd().lastWords(10));
      }
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
    if (!ctr("images", "list", "-q").output().contains(SANDBOX_IMAGE)) {
      loadSandboxImage();
    }
  }

  private void loadSandboxImage() {
    try {
      Path archive = Files.createTempFile("kubra-pause", ".tar");
      try {
        Files.write(
            archive,
            OciArchive.of(
                SANDBOX_IMAGE, Map.of("pause", Files.readAllBytes(PAUSE_PROGRAM)), "/pause", "-P"));
        load(archive);
      } finally {
        Files.deleteIfExists(archive);
      }
    } catch (IOException e) {
      throw new CliException("cannot make the sandbox image: " + e.getMessage());
    }
  }

  /**
   * Loads a docker or OCI archive.
   *
   * @return the names of the images it held
   */
  public List<String> load(Path archive) {
    Run.Result result =
        ctr("images", "import", "--all-platforms", archive.toAbsolutePath().toString());
    if (!result.ok()) {
      throw new CliException(
          archive + " could not be loaded into " + machine.name() + ": " + result.output().strip());
    }
    List<String> names = new ArrayList<>();
    for (String line : result.output().lines().toList()) {
      if (line.startsWith("unpacking ")) {
        names.add(line.split(" ")[1]);
      }
    }
    return names;
  }

  /** The names of all images, without those named only by digest. */
  public List<String> images() {
    return ctr("images", "list", "-q")
        .output()
        .lines()
        .filter(name -> !name.startsWith("sha256:") && !name.contains("@sha256:"))
        .sorted()
        .toList();
  }

  private Run.Result ctr(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of("ctr", "--address", machine.containerdSocket().toString(), "-n", "k8s.io"));
    command.addAll(List.of(arguments));
    return Run.attempt(command, "");
  }
}
