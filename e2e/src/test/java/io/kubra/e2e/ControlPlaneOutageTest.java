package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers do their work without the control plane (RA2: masters and workers apart). */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ControlPlaneOutageTest {
  private static final String CLUSTER = "e2e-outage";
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final List<Path> NEEDED =
      List.of(
          Path.of("/usr/bin/containerd"),
          Path.of("/usr/bin/etcd"),
          Path.of("/usr/lib/cni/bridge"),
          Path.of("/usr/bin/catatonit"),
          Path.of("/bin/busybox"),
          Path.of("/usr/bin/kubectl"));
  private static final String PODS =
      """
      {"kind": "List", "apiVersion": "v1", "items": [
        {"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "web"}, "spec": {
          "replicas": 2, "selector": {"matchLabels": {"app": "web"}},
          "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [
            {"name": "web", "image": "%1$s"}]}}}},
        {"kind": "Service", "apiVersion": "v1", "metadata": {"name": "web"}, "spec": {
          "selector": {"app": "web"}, "ports": [{"port": 80}]}},
        {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "probed"}, "spec": {
          "terminationGracePeriodSeconds": 1, "containers": [
            {"name": "probed", "image": "%1$s",
             "livenessProbe": {"exec": {"command": ["/bin/cat", "/www/index.html"]},
               "periodSeconds": 1, "failureThreshold": 1}}]}}]}
      """;

  @TempDir static Path temporary;
  private static Command kubra = new Command(ROOT.resolve("kubra"), Map.of());
  private static Command kubectl = new Command(Path.of("/usr/bin/kubectl"), Map.of());

  @BeforeAll
  static void startCluster() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    for (Path program : NEEDED) {
      assumeTrue(Files.exists(program), "needs " + program);
    }
    kubra = new Command(ROOT.resolve("kubra"), Map.of("KUBRA_NO_BUILD", "1"));
    kubra.attempt("", "down", "--name", CLUSTER);
    kubra.run("up", "--name", CLUSTER, "--store", "etcd", "--disable", "monitoring");
    String config = kubra.run("kubeconfig", "--name", CLUSTER).strip();
    kubectl =
        new Command(
            Path.of("/usr/bin/kubectl"),
            Map.of("KUBECONFIG", config, "KUBECACHEDIR", temporary.resolve("cache").toString()));
    Path archive = temporary.resolve("web.tar");
    TestImage.write(archive);
    kubra.run("image", "load", "--name", CLUSTER, archive.toString());
    kubectl.runWith(PODS.formatted(TestImage.NAME), "apply", "-f", "-");
    kubectl.run("rollout", "status", "deployment/web", "--timeout=60s");
    kubectl.run("wait", "--for=condition=Ready", "pod/probed", "--timeout=60s");
  }

  @AfterAll
  static void removeCluster() {
    if (Files.exists(Path.of("/var/lib/kubra", CLUSTER))) {
      kubra.run("down", "--name", CLUSTER);
    }
  }

  @Test
  void podsServicesNamesProbesAndRestartsGoOnAndNothingElseRestarts() throws Exception {
    String service = kubectl.run("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");
    List<Container> before = containers();
    Container crashing = named(before, "web").getFirst();
    Container untouched = named(before, "web").getLast();
    Container probed = named(before, "probed").getFirst();
    assertServes(service);

    kill("server.pid");
    kill("programs/etcd.pid");
    assertThat(kubectl.attempt("", "get", "nodes", "--request-timeout=2s").exitCode()).isNotZero();

    assertServes(service);
    Map<String, Long> tasks = tasks();
    ProcessHandle.of(tasks.get(crashing.id())).orElseThrow().destroyForcibly();
    Files.delete(Path.of("/proc", tasks.get(probed.id()).toString(), "root", "www", "index.html"));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(tasks())
                    .hasSameSizeAs(tasks)
                    .doesNotContainKeys(crashing.id(), probed.id())
                    .containsEntry(untouched.id(), tasks.get(untouched.id())));
    assertServes(service);
    Map<String, Long> restarted = tasks();
    kill(CLUSTER + "-worker.agent.pid");
    assertThat(tasks()).isEqualTo(restarted);

    kubra.run("up", "--name", CLUSTER);

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              List<Container> after = containers();
              assertThat(after).extracting(Container::uid).hasSameElementsAs(uids(before));
              assertThat(after).allSatisfy(c -> assertThat(restarted).containsKey(c.id()));
              assertThat(after)
                  .filteredOn(c -> c.uid().equals(untouched.uid()))
                  .containsExactly(untouched);
              assertThat(after)
                  .filteredOn(c -> !c.uid().equals(untouched.uid()))
                  .extracting(Container::restarts)
                  .containsOnly("1");
            });
    assertThat(tasks()).isEqualTo(restarted);
    assertServes(service);
  }

  /** A container as the API knows it. */
  private record Container(String name, String uid, String id, String restarts) {}

  private static List<Container> containers() {
    List<Container> containers = new ArrayList<>();
    String path =
        "{range .items[*]}{.status.containerStatuses[0].name} {.metadata.uid}"
            + " {.status.containerStatuses[0].containerID}"
            + " {.status.containerStatuses[0].restartCount}{\"\\n\"}{end}";
    for (String line : kubectl.run("get", "pods", "-o", "jsonpath=" + path).lines().toList()) {
      String[] f = line.split(" ");
      containers.add(new Container(f[0], f[1], f[2].replace("containerd://", ""), f[3]));
    }
    return containers;
  }

  private static List<Container> named(List<Container> containers, String name) {
    return containers.stream().filter(c -> c.name().equals(name)).toList();
  }

  private static List<String> uids(List<Container> containers) {
    return containers.stream().map(Container::uid).toList();
  }

  /** The pids of the worker's running containers and sandboxes. */
  private static Map<String, Long> tasks() {
    String list =
        new Command(Path.of("/usr/bin/ctr"), Map.of())
            .run(
                "--address=/run/kubra/%1$s/%1$s-worker/containerd/containerd.sock"
                    .formatted(CLUSTER),
                "--namespace=k8s.io",
                "tasks",
                "list");
    Map<String, Long> tasks = new HashMap<>();
    for (String line : list.lines().skip(1).toList()) {
      String[] fields = line.split(" +");
      if (fields[2].equals("RUNNING")) {
        tasks.put(fields[0], Long.parseLong(fields[1]));
      }
    }
    return tasks;
  }

  private static void kill(String pidFile) throws IOException {
    String pid = Files.readString(Path.of("/run/kubra", CLUSTER, pidFile)).split(" ")[0];
    ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    process.destroyForcibly();
    await().until(() -> !process.isAlive());
  }

  /** The Service answers on the worker, and its name is known there. */
  private static void assertServes(String address) {
    String dns = address.split("\\.")[0] + "." + address.split("\\.")[1] + ".0.10";
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> assertThat(onWorker(TestImage.fetch(address))).contains("hello from kubra"));
    assertThat(onWorker("/bin/busybox", "nslookup", "web.default.svc.cluster.local", dns))
        .contains(address);
  }

  private static String onWorker(String... command) {
    List<String> words = new ArrayList<>();
    words.add("--net=/run/netns/kubra-" + CLUSTER + "-worker");
    words.addAll(List.of(command));
    return new Command(Path.of("/usr/bin/nsenter"), Map.of())
        .attempt("", words.toArray(String[]::new))
        .output();
  }
}
