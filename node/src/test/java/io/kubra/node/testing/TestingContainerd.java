package io.kubra.node.testing;

import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.v1.Cri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A containerd of the test's own: config, state, images and pod network in one temp folder. */
public final class TestingContainerd implements AutoCloseable {
  /** The name of the busybox image. */
  public static final String BUSYBOX = "registry.test/busybox:1";

  private static final String PAUSE = "registry.test/pause:1";

  private static final AtomicLong NUMBERS = new AtomicLong(ProcessHandle.current().pid() * 7);

  private final Path directory;
  private final long number = NUMBERS.incrementAndGet();
  private @Nullable Process process;

  private TestingContainerd(Path directory) {
    this.directory = directory;
  }

  /** Why no containerd can be started here, if so. */
  public static Optional<String> missing() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("needs root");
    }
    for (String tool :
        List.of(
            "/usr/bin/containerd",
            "/usr/bin/ctr",
            "/usr/sbin/runc",
            "/usr/bin/catatonit",
            "/usr/lib/cni/ptp",
            "/bin/busybox")) {
      if (!Files.exists(Path.of(tool))) {
        return Optional.of("needs " + tool);
      }
    }
    return Optional.empty();
  }

  /** Starts a containerd with the test images. */
  public static TestingContainerd start() throws IOException, InterruptedException {
    TestingContainerd containerd =
        new TestingContainerd(Files.createTempDirectory("kubra-containerd"));
    containerd.configure();
    containerd.startProcess();
    containerd.load(ImageArchive.pause(containerd.directory, PAUSE));
    containerd.load(ImageArchive.busybox(containerd.directory, BUSYBOX));
    return containerd;
  }

  /** The folder that holds everything. */
  public Path directory() {
    return directory;
  }

  /** Tells the containerds of this host apart. */
  public long number() {
    return number;
  }

  /** What the addresses of all pods begin with; tests run side by side. */
  public String podNetwork() {
    return "10.213." + number % 250 + ".";
  }

  /** The socket of the CRI. */
  public Path socket() {
    return directory.resolve("containerd.sock");
  }

  private void configure() throws IOException {
    Path cni = Files.createDirectories(directory.resolve("cni"));
    Files.writeString(
        cni.resolve("10-test.conflist"),
        """
        {"cniVersion":"0.4.0","name":"kubra-test","plugins":[
          {"type":"ptp","ipMasq":false,
           "ipam":{"type":"host-local","dataDir":"%s",
                   "ranges":[[{"subnet":"%s0/24"}]],"routes":[{"dst":"0.0.0.0/0"}]}}]}
        """
            .formatted(directory.resolve("ipam"), podNetwork()));
    Files.writeString(
        directory.resolve("config.toml"),
        """
        version = 2
        root = "%1$s/root"
        state = "%1$s/state"
        disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
          "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper",
          "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]
        [grpc]
          address = "%1$s/containerd.sock"
        [plugins."io.containerd.internal.v1.opt"]
          path = "%1$s/opt"
        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "%2$s"
          restrict_oom_score_adj = true
          stream_server_address = "127.0.0.1"
          stream_server_port = "0"
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "/usr/lib/cni"
            conf_dir = "%1$s/cni"
          [plugins."io.containerd.grpc.v1.cri".registry]
            config_path = "%1$s/certs.d"
          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "overlayfs"
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"
        """
            .formatted(directory, PAUSE));
  }

  private void startProcess() throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                "containerd", "--config", directory.resolve("config.toml").toString(), "-l", "info")
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve("containerd.log").toFile()))
            .start();
    try (CriClient cri = CriClient.connect(socket())) {
      for (int attempt = 0; ; attempt++) {
        try {
          if (Files.exists(socket())) {
            cri.reconnect();
            var unused = cri.version();
            return;
          }
        } catch (CriException e) {
          if (attempt > 600) {
            throw e;
          }
        }
        if (attempt > 600) {
          throw new IOException("containerd does not start, see " + directory);
        }
        TimeUnit.MILLISECONDS.sleep(25);
      }
    }
  }

  /** Kills containerd, not its containers, and starts it again. */
  public void restart() throws IOException, InterruptedException {
    kill();
    startProcess();
  }

  private void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().waitFor();
      process = null;
    }
  }

  /** Imports an image archive. */
  public void load(Path archive) throws IOException, InterruptedException {
    run("ctr", "-a", socket().toString(), "-n", "k8s.io", "images", "import", archive.toString());
  }

  private void run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "command", ".log");
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(String.join(" ", command) + ": " + Files.readString(output));
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    try (CriClient cri = CriClient.connect(socket())) {
      for (Cri.PodSandbox sandbox : cri.podSandboxes(Map.of())) {
        cri.stopPodSandbox(sandbox.getId());
        cri.removePodSandbox(sandbox.getId());
      }
    } catch (CriException e) {
      System.err.println("containerd of the test cannot be emptied: " + e.getMessage());
    }
    kill();
    List<String> mounts = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
      String point = line.split(" ")[1];
      if (point.startsWith(directory.toString())) {
        mounts.add(point);
      }
    }
    Collections.reverse(mounts);
    for (String mount : mounts) {
      run("umount", "-l", mount);
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
