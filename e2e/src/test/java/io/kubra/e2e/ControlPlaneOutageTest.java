package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers do their work without the control plane (RA2: masters and workers apart). */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ControlPlaneOutageTest {
  @RegisterExtension
  static final TestCluster CLUSTER =
      TestCluster.named("e2e-outage", "--store", "etcd", "--disable", "monitoring");

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

  private static final Command KUBECTL = CLUSTER.kubectl();

  @BeforeAll
  static void startPods() {
    KUBECTL.runWith(PODS.formatted(TestImage.NAME), "apply", "-f", "-");
    KUBECTL.run("rollout", "status", "deployment/web", "--timeout=60s");
    KUBECTL.run("wait", "--for=condition=Ready", "pod/probed", "--timeout=60s");
  }

  @Test
  void podsServicesNamesProbesAndRestartsGoOnAndNothingElseRestarts() throws Exception {
    String service = KUBECTL.run("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");
    List<Container> before = containers();
    Container crashing = named(before, "web").getFirst();
    Container untouched = named(before, "web").getLast();
    Container probed = named(before, "probed").getFirst();
    assertServes(service);

    CLUSTER.kill("server.pid");
    CLUSTER.kill("programs/etcd.pid");
    assertThat(KUBECTL.attempt("", "get", "nodes", "--request-timeout=2s").exitCode()).isNotZero();

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
    Map<String, Long> restarted = afterTheAgentStartsAlone(tasks(), crashing, service);

    CLUSTER.up();

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
                  .containsExactlyInAnyOrder("1", "2");
            });
    assertThat(tasks()).isEqualTo(restarted);
    assertServes(service);
  }

  /**
   * The agent is killed and starts again while there is nobody to ask: pods run on, one more that
   * crashes is restarted, Services and names are there. Returns the tasks of then.
   */
  private static Map<String, Long> afterTheAgentStartsAlone(
      Map<String, Long> before, Container crashed, String service) throws Exception {
    CLUSTER.kill(CLUSTER.name() + "-worker.agent.pid");
    assertThat(tasks()).isEqualTo(before);
    Process agent = CLUSTER.startAgent();
    try {
      assertServes(service);
      String id =
          before.keySet().stream()
              .filter(task -> isContainerOf(task, crashed))
              .findFirst()
              .orElseThrow();
      ProcessHandle.of(before.get(id)).orElseThrow().destroyForcibly();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                Map<String, Long> now = tasks();
                assertThat(now).hasSameSizeAs(before).doesNotContainKey(id);
                assertThat(now.values()).as("all others").containsAll(without(before, id).values());
              });
      assertServes(service);
      return tasks();
    } finally {
      agent.descendants().forEach(ProcessHandle::destroyForcibly);
      agent.destroyForcibly();
      agent.waitFor();
    }
  }

  private static Map<String, Long> without(Map<String, Long> tasks, String id) {
    Map<String, Long> others = new HashMap<>(tasks);
    others.remove(id);
    return others;
  }

  /** Whether a task is a container, not the sandbox, of the pod that a container was part of. */
  private static boolean isContainerOf(String task, Container container) {
    String labels = ctr("containers", "info", task);
    return labels.contains("\"io.kubernetes.pod.uid\": \"" + container.uid() + "\"")
        && labels.contains("\"io.cri-containerd.kind\": \"container\"");
  }

  /** A container as the API knows it. */
  private record Container(String name, String uid, String id, String restarts) {}

  private static List<Container> containers() {
    List<Container> containers = new ArrayList<>();
    String path =
        "{range .items[*]}{.status.containerStatuses[0].name} {.metadata.uid}"
            + " {.status.containerStatuses[0].containerID}"
            + " {.status.containerStatuses[0].restartCount}{\"\\n\"}{end}";
    for (String line : KUBECTL.run("get", "pods", "-o", "jsonpath=" + path).lines().toList()) {
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
    String list = ctr("tasks", "list");
    Map<String, Long> tasks = new HashMap<>();
    for (String line : list.lines().skip(1).toList()) {
      String[] fields = line.split(" +");
      if (fields[2].equals("RUNNING")) {
        tasks.put(fields[0], Long.parseLong(fields[1]));
      }
    }
    return tasks;
  }

  private static String ctr(String... arguments) {
    String socket =
        "/run/kubra/%1$s/%1$s-worker/containerd/containerd.sock".formatted(CLUSTER.name());
    return new Command(
            Path.of("/usr/bin/ctr"), Map.of(), List.of("--address", socket, "--namespace=k8s.io"))
        .run(arguments);
  }

  /** The Service answers on the worker, and its name is known there. */
  private static void assertServes(String address) {
    String dns = address.split("\\.")[0] + "." + address.split("\\.")[1] + ".0.10";
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(CLUSTER.onWorker(TestImage.fetch(address))).contains("hello from kubra");
              assertThat(
                      CLUSTER.onWorker(
                          "/bin/busybox", "nslookup", "web.default.svc.cluster.local", dns))
                  .contains(address);
            });
  }
}
