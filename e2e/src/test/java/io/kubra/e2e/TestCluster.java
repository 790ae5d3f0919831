package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A local cluster as a user has it: made by {@code kubra up} before the first test of a class, with
 * {@link TestImage} loaded, and removed after the last. Register it as a static extension. Where
 * the cluster cannot run, the tests skip and say why.
 *
 * <p>A class that breaks its cluster has {@linkplain #named one of its own}; all others use {@link
 * #shared()}, which is started once, and there keep to {@linkplain #namespace namespaces of their
 * own}.
 */
final class TestCluster implements BeforeAllCallback, AfterAllCallback {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path FILES = Path.of("target", "clusters").toAbsolutePath();
  private static final List<String> NEEDED =
      List.of(
          "/usr/bin/containerd",
          "/usr/sbin/runc",
          "/usr/sbin/nft",
          "/usr/sbin/ip",
          "/usr/lib/cni/bridge",
          "/usr/bin/catatonit",
          "/bin/busybox",
          "/bin/bash",
          "/usr/bin/perl",
          "/usr/bin/kubectl");
  private static final TestCluster SHARED = new TestCluster("e2e-shared", true, List.of());

  private final String name;
  private final boolean shared;
  private final List<String> options;
  private final Command kubra =
      new Command(ROOT.resolve("kubra"), Map.of("KUBRA_NO_BUILD", "1"), List.of());

  private TestCluster(String name, boolean shared, List<String> options) {
    this.name = name;
    this.shared = shared;
    this.options = options;
  }

  /** A cluster for one test class, started with these options of {@code kubra up}. */
  static TestCluster named(String name, String... options) {
    return new TestCluster(name, false, List.of(options));
  }

  /** The cluster with every part on that all classes share which do not break it. */
  static TestCluster shared() {
    return SHARED;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    needs(NEEDED.toArray(String[]::new));
    if (options.contains("etcd")) {
      needs("/usr/bin/etcd");
    }
    if (!shared) {
      start();
      return;
    }
    var unused =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(TestCluster.class))
            .computeIfAbsent(name, key -> started(), AutoCloseable.class);
  }

  private AutoCloseable started() {
    start();
    return this::remove;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (!shared) {
      remove();
    }
  }

  /** Skips the test or class unless these programs are there. */
  static void needs(String... programs) {
    for (String program : programs) {
      assumeTrue(Files.exists(Path.of(program)), "needs " + program);
    }
  }

  private void start() {
    kubra.attempt("", "down", "--name", name);
    up(options.toArray(String[]::new));
    assertThat(kubra("image", "load", TestImage.archive(FILES).toString()))
        .contains(TestImage.NAME);
  }

  private void remove() {
    if (Files.exists(Path.of("/var/lib/kubra", name))) {
      kubra("down");
    }
  }

  String name() {
    return name;
  }

  /** The folder of the cluster's pid files. */
  Path processes() {
    return Path.of("/run/kubra", name);
  }

  /** Runs {@code kubra up}, as often as a test likes. */
  String up(String... arguments) {
    return kubra(Stream.concat(Stream.of("up"), Stream.of(arguments)).toArray(String[]::new));
  }

  /** Runs a command of {@code kubra} on this cluster; it must succeed. */
  String kubra(String... arguments) {
    return kubra.run(
        Stream.concat(Stream.of(arguments), Stream.of("--name", name)).toArray(String[]::new));
  }

  /** {@code kubra} with the cluster's kubeconfig in its environment. */
  Command kubra() {
    return new Command(kubra.program(), environment(), List.of());
  }

  /** kubectl as the cluster's administrator, in the default namespace. */
  Command kubectl() {
    return new Command(Path.of("/usr/bin/kubectl"), environment(), List.of());
  }

  /** Makes a namespace, and returns a kubectl that works in it. */
  Command namespace(String namespace) {
    kubectl().run("create", "namespace", namespace);
    return new Command(
        Path.of("/usr/bin/kubectl"), environment(), List.of("--namespace", namespace));
  }

  private Map<String, String> environment() {
    return Map.of(
        "KUBRA_NO_BUILD", "1",
        "KUBECONFIG", Path.of("/var/lib/kubra", name, "kubeconfig").toString(),
        "KUBECACHEDIR", FILES.resolve(name).toString());
  }

  /** Runs a program of the host in the worker's network. */
  String onWorker(String... command) {
    List<String> words = new ArrayList<>();
    words.add("--net=/run/netns/kubra-" + name + "-worker");
    words.addAll(List.of(command));
    return new Command(Path.of("/usr/bin/nsenter"), Map.of(), List.of())
        .attempt("", words.toArray(String[]::new))
        .output();
  }

  /** Starts the worker's agent, as a supervisor would; whoever calls this ends it. */
  Process startAgent() throws IOException {
    String worker = name + "-worker";
    ProcessBuilder builder =
        new ProcessBuilder(
                "/usr/bin/nsenter",
                "--net=/run/netns/kubra-" + worker,
                "--mount=" + processes().resolve(worker + ".mnt"),
                kubra.program().toString(),
                "agent",
                "--config=/var/lib/kubelet/agent.json")
            .redirectErrorStream(true)
            .redirectOutput(FILES.resolve(worker + ".log").toFile());
    builder.environment().putAll(kubra.environment());
    return builder.start();
  }

  /** The process that a pid file of the cluster names. */
  ProcessHandle process(String pidFile) throws IOException {
    String pid = Files.readString(processes().resolve(pidFile)).strip().split(" ")[0];
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  /** Kills a process of the cluster, and returns when it is gone. */
  void kill(String pidFile) throws IOException {
    ProcessHandle process = process(pidFile);
    process.destroyForcibly();
    await().until(() -> !process.isAlive());
  }

  /** Repeats a command until what it prints contains a text. */
  static void awaitOutput(Command command, String wanted, String... arguments) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(command.attempt("", arguments).output()).contains(wanted));
  }
}
