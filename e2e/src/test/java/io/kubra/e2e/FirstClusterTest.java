package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The session of a new user, in order, on one cluster. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class FirstClusterTest {
  private static final String CLUSTER = "e2e";
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final List<Path> NEEDED =
      List.of(
          Path.of("/usr/bin/containerd"),
          Path.of("/usr/sbin/runc"),
          Path.of("/usr/sbin/nft"),
          Path.of("/usr/sbin/ip"),
          Path.of("/usr/lib/cni/bridge"),
          Path.of("/usr/bin/catatonit"),
          Path.of("/bin/busybox"),
          Path.of("/usr/bin/kubectl"));

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
    kubra.run("up", "--name", CLUSTER);
    String config = kubra.run("kubeconfig", "--name", CLUSTER).strip();
    kubectl =
        new Command(
            Path.of("/usr/bin/kubectl"),
            Map.of("KUBECONFIG", config, "KUBECACHEDIR", temporary.resolve("cache").toString()));
    Path archive = temporary.resolve("web.tar");
    TestImage.write(archive);
    assertThat(kubra.run("image", "load", "--name", CLUSTER, archive.toString()))
        .contains(TestImage.NAME);
  }

  @AfterAll
  static void removeCluster() {
    if (Files.exists(Path.of("/var/lib/kubra", CLUSTER))) {
      kubra.run("down", "--name", CLUSTER);
    }
  }

  private static void awaitOutput(String wanted, String... arguments) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(kubectl.attempt("", arguments).output()).contains(wanted));
  }

  private static String[] execFetch(String host) {
    return Stream.concat(Stream.of("exec", "deploy/web", "--"), Stream.of(TestImage.fetch(host)))
        .toArray(String[]::new);
  }

  @Test
  @Order(1)
  void oneControlPlaneAndOneWorkerAreReady() {
    String nodes = kubectl.run("get", "nodes");

    assertThat(nodes).contains(CLUSTER + "-control-plane").contains(CLUSTER + "-worker");
    assertThat(nodes.lines().skip(1)).allMatch(line -> line.contains(" Ready "));
    assertThat(kubectl.run("describe", "node", CLUSTER + "-control-plane"))
        .contains("node-role.kubernetes.io/control-plane:NoSchedule");
  }

  @Test
  @Order(2)
  void aDeploymentRunsRealPods() {
    kubectl.run("create", "deployment", "web", "--image=" + TestImage.NAME, "--replicas=3");

    assertThat(kubectl.run("rollout", "status", "deployment/web", "--timeout=60s"))
        .contains("successfully rolled out");
    assertThat(kubectl.run("get", "pods", "-o", "wide")).contains("Running").contains("10.");
    assertThat(kubectl.run("describe", "deployment", "web")).contains("3 available");
    assertThat(kubectl.run("describe", "pods", "-l", "app=web"))
        .contains("Successfully assigned")
        .contains("Started");
  }

  @Test
  @Order(3)
  void execAndLogsReachTheContainer() {
    assertThat(kubectl.run("exec", "deploy/web", "--", "/bin/cat", "/www/index.html"))
        .contains("hello from kubra");
    assertThat(kubectl.runWith("echo $((20+22))\n", "exec", "-i", "deploy/web", "--", "/bin/sh"))
        .contains("42");
    assertThat(
            kubectl.attempt("", "exec", "deploy/web", "--", "/bin/sh", "-c", "exit 7").exitCode())
        .isEqualTo(7);

    kubectl.run(
        "run",
        "talker",
        "--image=" + TestImage.NAME,
        "--restart=Never",
        "--command",
        "--",
        "/bin/sh",
        "-c",
        "echo first; echo second");
    awaitOutput("Succeeded", "get", "pod", "talker", "-o", "jsonpath={.status.phase}");
    assertThat(kubectl.run("logs", "talker")).isEqualTo("first\nsecond\n");
    assertThat(kubectl.run("logs", "-f", "talker", "--tail=1")).isEqualTo("second\n");
  }

  @Test
  @Order(4)
  void aServiceAnswersFromPodsByNameAndFromTheHost() throws Exception {
    kubectl.run("expose", "deployment", "web", "--port=80");
    String ip = kubectl.run("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");

    awaitOutput("hello", execFetch(ip));
    awaitOutput("hello", execFetch("web.default.svc.cluster.local"));
    awaitOutput("hello", execFetch("web"));
    assertThat(kubectl.run("exec", "deploy/web", "--", "/bin/cat", "/etc/resolv.conf"))
        .contains("search default.svc.cluster.local");
    try (var in = java.net.URI.create("http://" + ip).toURL().openStream()) {
      assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .contains("hello from kubra");
    }
  }

  @Test
  @Order(5)
  void everydayVerbsWork() {
    kubectl.run("scale", "deployment/web", "--replicas=1");
    kubectl.run("wait", "--for=jsonpath={.status.replicas}=1", "deployment/web", "--timeout=60s");
    kubectl.run("label", "deployment/web", "tier=front");
    kubectl.run("annotate", "deployment/web", "note=hello");
    assertThat(kubectl.run("get", "deployment", "web", "-L", "tier")).contains("front");
    String manifest =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
        data:
          colour: blue
        """;
    assertThat(kubectl.runWith(manifest, "apply", "-f", "-")).contains("created");
    Command.Result diff = kubectl.attempt(manifest.replace("blue", "red"), "diff", "-f", "-");
    assertThat(diff.output()).contains("-  colour: blue").contains("+  colour: red");
    assertThat(diff.exitCode()).isEqualTo(1);
    assertThat(kubectl.runWith(manifest.replace("blue", "red"), "apply", "-f", "-"))
        .contains("configured");
    assertThat(
            kubectl.runWith(
                manifest.replace("blue", "green"),
                "apply",
                "--server-side",
                "--force-conflicts",
                "-f",
                "-"))
        .contains("serverside-applied");
    assertThat(kubectl.run("get", "configmap", "settings", "-o", "yaml")).contains("green");
    assertThat(kubectl.run("explain", "pod.spec.containers")).contains("image");
    assertThat(kubectl.run("api-resources")).contains("deployments").contains("deploy");
    assertThat(kubectl.run("events")).contains("Scaled");
    assertThat(kubectl.run("get", "all")).contains("deployment.apps/web");
  }

  @Test
  @Order(6)
  void badInputIsRefusedAsUpstreamRefusesIt() {
    assertThat(
            kubectl
                .attempt("{", "create", "--raw", "/api/v1/namespaces/default/pods", "-f", "-")
                .output())
        .contains("BadRequest");
    Command.Result unknown =
        kubectl.attempt(
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"},\"dataa\":{}}",
            "create",
            "--validate=strict",
            "-f",
            "-");
    assertThat(unknown.output()).contains("unknown field \"dataa\"");
    assertThat(kubectl.attempt("", "create", "configmap", "Bad_Name").output())
        .contains("a lowercase RFC 1123 subdomain must consist of");
    assertThat(kubectl.attempt("", "get", "pod", "nobody").output())
        .contains("pods \"nobody\" not found");
  }

  @Test
  @Order(6)
  void aPrivilegedPodRunsInGVisorAndAnswersOnItsHostPort() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/runsc")), "needs runsc");
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: boxed}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: c
            image: %s
            securityContext: {privileged: true}
            ports: [{containerPort: 80, hostPort: 8089}]
            readinessProbe: {httpGet: {port: 80}, periodSeconds: 1}
        """
            .formatted(TestImage.NAME);
    kubectl.runWith(pod, "apply", "-f", "-");
    kubectl.run("wait", "--for=condition=Ready", "pod/boxed", "--timeout=60s");

    assertThat(kubectl.run("get", "pod", "boxed", "-o", "jsonpath={.spec.runtimeClassName}"))
        .isEqualTo("gvisor");
    assertThat(kubectl.run("exec", "boxed", "--", "/bin/dmesg")).contains("Starting gVisor");
    String host = kubectl.run("get", "pod", "boxed", "-o", "jsonpath={.status.hostIP}");
    try (var in = java.net.URI.create("http://" + host + ":8089").toURL().openStream()) {
      assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .contains("hello from kubra");
    }
    assertThat(
            kubectl
                .attempt(
                    pod.replace("boxed", "bare")
                        .replace("spec:", "spec:\n  runtimeClassName: runc"),
                    "apply",
                    "-f",
                    "-")
                .output())
        .contains("privileged containers must run in a sandbox");
    kubectl.run("delete", "pod", "boxed");
  }

  @Test
  @Order(7)
  void aNamespaceTakesItsContentWithIt() {
    kubectl.run("create", "namespace", "temp");
    kubectl.run("create", "deployment", "web", "--image=" + TestImage.NAME, "-n", "temp");
    kubectl.run("rollout", "status", "deployment/web", "-n", "temp", "--timeout=60s");
    kubectl.run("delete", "namespace", "temp", "--timeout=90s");
    assertThat(kubectl.attempt("", "get", "namespace", "temp").output()).contains("NotFound");
  }

  /** A claim of a class, and a pod that runs a command with the claim's volume at /data. */
  private static String podWithClaim(String name, String command) {
    return """
        apiVersion: v1
        kind: Pod
        metadata:
          name: NAME
        spec:
          terminationGracePeriodSeconds: 0
          restartPolicy: Never
          containers:
          - name: main
            image: IMAGE
            command: [/bin/sh, -c, "COMMAND"]
            volumeMounts:
            - {name: data, mountPath: /data}
          volumes:
          - name: data
            persistentVolumeClaim: {claimName: data}
        """
        .replace("NAME", name)
        .replace("IMAGE", TestImage.NAME)
        .replace("COMMAND", command);
  }

  private static Path folderOf(String volume) {
    return Path.of(
        "/proc/%s/root".formatted(agentPid()),
        kubectl.run("get", "pv", volume, "-o", "jsonpath={.spec.local.path}"));
  }

  /** The worker's files are seen through its agent's mount namespace. */
  private static String agentPid() {
    try (Stream<Path> files = Files.list(Path.of("/run/kubra", CLUSTER))) {
      Path file =
          files
              .filter(f -> f.toString().endsWith(".pid") && f.toString().contains("agent"))
              .findFirst()
              .orElseThrow();
      return Files.readString(file).strip().split(" ")[0];
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  @Order(7)
  void dataOutlivesThePodsThatWroteIt() {
    kubectl.run("create", "namespace", "stored");
    kubectl.run("config", "set-context", "--current", "--namespace=stored");
    try {
      storeAndFind();
    } finally {
      kubectl.run("config", "set-context", "--current", "--namespace=default");
      kubectl.run("delete", "namespace", "stored", "--timeout=90s");
    }
  }

  private void storeAndFind() {
    kubectl.runWith(
        """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata:
          name: kept
        provisioner: local.kubra.io
        reclaimPolicy: Retain
        volumeBindingMode: WaitForFirstConsumer
        """,
        "apply",
        "-f",
        "-");
    for (String storageClass : List.of("standard", "kept")) {
      kubectl.runWith(
          """
          apiVersion: v1
          kind: PersistentVolumeClaim
          metadata:
            name: data
          spec:
            storageClassName: CLASS
            accessModes: [ReadWriteOnce]
            resources: {requests: {storage: 16Mi}}
          """
              .replace("CLASS", storageClass),
          "apply",
          "-f",
          "-");
      awaitOutput("waiting for first consumer", "describe", "pvc", "data");
      kubectl.runWith(podWithClaim("writer", "echo kept > /data/file"), "apply", "-f", "-");
      awaitOutput("Succeeded", "get", "pod", "writer", "-o", "jsonpath={.status.phase}");
      kubectl.run("delete", "pod", "writer");
      kubectl.runWith(podWithClaim("reader", "cat /data/file"), "apply", "-f", "-");
      awaitOutput("kept", "logs", "reader");
      assertThat(kubectl.run("describe", "pvc", "data")).contains("ProvisioningSucceeded");

      String volume = kubectl.run("get", "pvc", "data", "-o", "jsonpath={.spec.volumeName}");
      Path folder = folderOf(volume);
      assertThat(folder).isDirectory();
      kubectl.run("delete", "pod", "reader");
      kubectl.run("delete", "pvc", "data", "--timeout=60s");
      if (storageClass.equals("standard")) {
        awaitOutput("NotFound", "get", "pv", volume);
        assertThat(folder).doesNotExist();
      } else {
        awaitOutput("Released", "get", "pv", volume);
        assertThat(folder.resolve("file")).hasContent("kept");
        kubectl.run("delete", "pv", volume);
      }
    }
    kubectl.run("delete", "storageclass", "kept");
  }

  @Test
  @Order(7)
  void aStatefulSetFindsItsDataAgain() {
    kubectl.runWith(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: db
        spec:
          serviceName: db
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: main
                image: IMAGE
                command: [/bin/sh, -c, "echo started >> /data/log; cat /data/log; sleep 1000"]
                volumeMounts:
                - {name: data, mountPath: /data, subPath: inner}
          volumeClaimTemplates:
          - metadata: {name: data}
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 16Mi}}
        """
            .replace("IMAGE", TestImage.NAME),
        "apply",
        "-f",
        "-");
    awaitOutput("started", "logs", "db-0");

    kubectl.run("delete", "pod", "db-0");

    awaitOutput("started\nstarted", "logs", "db-0");
    kubectl.run("delete", "statefulset", "db");
    kubectl.run("wait", "--for=delete", "pod/db-0", "--timeout=60s");
    kubectl.run("delete", "pvc", "data-db-0", "--timeout=60s");
  }

  @Test
  @Order(8)
  void upRecoversAClusterWhoseProcessesWereKilled() throws Exception {
    String before =
        kubectl.run(
            "get",
            "pods",
            "-l",
            "app=web",
            "-o",
            "jsonpath={.items[*].status.containerStatuses[*].containerID}");
    try (Stream<Path> files = Files.list(Path.of("/run/kubra", CLUSTER))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".pid")).toList()) {
        long pid = Long.parseLong(Files.readString(file).split(" ")[0]);
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
    }

    kubra.run("up", "--name", CLUSTER);

    awaitOutput(
        before,
        "get",
        "pods",
        "-l",
        "app=web",
        "-o",
        "jsonpath={.items[*].status.containerStatuses[*].containerID}");
    assertThat(kubectl.run("get", "configmap", "settings", "-o", "jsonpath={.data.colour}"))
        .isEqualTo("green");
    kubra.run("up", "--name", CLUSTER);
    kubra.run("status", "--name", CLUSTER);
  }

  @Test
  @Order(9)
  void downLeavesNothingBehind() throws Exception {
    kubra.run("down", "--name", CLUSTER);

    assertThat(Path.of("/var/lib/kubra", CLUSTER)).doesNotExist();
    assertThat(Path.of("/run/kubra", CLUSTER)).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
        .doesNotContain("/" + CLUSTER + "/");
    assertThat(new Command(Path.of("/usr/sbin/ip"), Map.of()).run("netns", "list"))
        .doesNotContain("kubra-" + CLUSTER);
    assertThat(new Command(Path.of("/usr/sbin/nft"), Map.of()).run("list", "tables"))
        .doesNotContain("kubra_" + CLUSTER);
    try (Stream<Path> cgroups = Files.walk(Path.of("/sys/fs/cgroup"), 3)) {
      assertThat(cgroups.filter(p -> p.endsWith("kubra/" + CLUSTER))).isEmpty();
    }
  }
}
