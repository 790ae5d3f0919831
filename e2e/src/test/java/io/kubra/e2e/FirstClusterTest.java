package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The session of a new user, in order, on one cluster. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class FirstClusterTest {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.named("e2e-first");
  private static final String NAME = CLUSTER.name();
  private static final Command KUBECTL = CLUSTER.kubectl();

  private static void awaitOutput(String wanted, String... arguments) {
    TestCluster.awaitOutput(KUBECTL, wanted, arguments);
  }

  private static String[] execFetch(String host) {
    return Stream.concat(Stream.of("exec", "deploy/web", "--"), Stream.of(TestImage.fetch(host)))
        .toArray(String[]::new);
  }

  @Test
  @Order(1)
  void oneControlPlaneAndOneWorkerAreReady() {
    String nodes = KUBECTL.run("get", "nodes");

    assertThat(nodes).contains(NAME + "-control-plane").contains(NAME + "-worker");
    assertThat(nodes.lines().skip(1)).allMatch(line -> line.contains(" Ready "));
    assertThat(KUBECTL.run("describe", "node", NAME + "-control-plane"))
        .contains("node-role.kubernetes.io/control-plane:NoSchedule");
  }

  @Test
  @Order(2)
  void aDeploymentRunsRealPods() {
    KUBECTL.run("create", "deployment", "web", "--image=" + TestImage.NAME, "--replicas=3");

    assertThat(KUBECTL.run("rollout", "status", "deployment/web", "--timeout=60s"))
        .contains("successfully rolled out");
    assertThat(KUBECTL.run("get", "pods", "-o", "wide")).contains("Running").contains("10.");
    assertThat(KUBECTL.run("describe", "deployment", "web")).contains("3 available");
    assertThat(KUBECTL.run("describe", "pods", "-l", "app=web"))
        .contains("Successfully assigned")
        .contains("Started");
  }

  @Test
  @Order(3)
  void execAndLogsReachTheContainer() {
    assertThat(KUBECTL.run("exec", "deploy/web", "--", "/bin/cat", "/www/index.html"))
        .contains("hello from kubra");
    assertThat(KUBECTL.runWith("echo $((20+22))\n", "exec", "-i", "deploy/web", "--", "/bin/sh"))
        .contains("42");
    assertThat(
            KUBECTL.attempt("", "exec", "deploy/web", "--", "/bin/sh", "-c", "exit 7").exitCode())
        .isEqualTo(7);

    KUBECTL.run(
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
    assertThat(KUBECTL.run("logs", "talker")).isEqualTo("first\nsecond\n");
    assertThat(KUBECTL.run("logs", "-f", "talker", "--tail=1")).isEqualTo("second\n");
  }

  @Test
  @Order(4)
  void aServiceAnswersFromPodsByNameAndFromTheHost() throws Exception {
    KUBECTL.run("expose", "deployment", "web", "--port=80");
    String ip = KUBECTL.run("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");

    awaitOutput("hello", execFetch(ip));
    awaitOutput("hello", execFetch("web.default.svc.cluster.local"));
    awaitOutput("hello", execFetch("web"));
    assertThat(KUBECTL.run("exec", "deploy/web", "--", "/bin/cat", "/etc/resolv.conf"))
        .contains("search default.svc.cluster.local");
    try (var in = java.net.URI.create("http://" + ip).toURL().openStream()) {
      assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .contains("hello from kubra");
    }
  }

  @Test
  @Order(5)
  void everydayVerbsWork() {
    KUBECTL.run("scale", "deployment/web", "--replicas=1");
    KUBECTL.run("wait", "--for=jsonpath={.status.replicas}=1", "deployment/web", "--timeout=60s");
    KUBECTL.run("label", "deployment/web", "tier=front");
    KUBECTL.run("annotate", "deployment/web", "note=hello");
    assertThat(KUBECTL.run("get", "deployment", "web", "-L", "tier")).contains("front");
    String manifest =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
        data:
          colour: blue
        """;
    assertThat(KUBECTL.runWith(manifest, "apply", "-f", "-")).contains("created");
    Command.Result diff = KUBECTL.attempt(manifest.replace("blue", "red"), "diff", "-f", "-");
    assertThat(diff.output()).contains("-  colour: blue").contains("+  colour: red");
    assertThat(diff.exitCode()).isEqualTo(1);
    assertThat(KUBECTL.runWith(manifest.replace("blue", "red"), "apply", "-f", "-"))
        .contains("configured");
    assertThat(
            KUBECTL.runWith(
                manifest.replace("blue", "green"),
                "apply",
                "--server-side",
                "--force-conflicts",
                "-f",
                "-"))
        .contains("serverside-applied");
    assertThat(KUBECTL.run("get", "configmap", "settings", "-o", "yaml")).contains("green");
    assertThat(KUBECTL.run("explain", "pod.spec.containers")).contains("image");
    assertThat(KUBECTL.run("api-resources")).contains("deployments").contains("deploy");
    assertThat(KUBECTL.run("events")).contains("Scaled");
    assertThat(KUBECTL.run("get", "all")).contains("deployment.apps/web");
  }

  @Test
  @Order(6)
  void badInputIsRefusedAsUpstreamRefusesIt() {
    assertThat(
            KUBECTL
                .attempt("{", "create", "--raw", "/api/v1/namespaces/default/pods", "-f", "-")
                .output())
        .contains("BadRequest");
    Command.Result unknown =
        KUBECTL.attempt(
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"},\"dataa\":{}}",
            "create",
            "--validate=strict",
            "-f",
            "-");
    assertThat(unknown.output()).contains("unknown field \"dataa\"");
    assertThat(KUBECTL.attempt("", "create", "configmap", "Bad_Name").output())
        .contains("a lowercase RFC 1123 subdomain must consist of");
    assertThat(KUBECTL.attempt("", "get", "pod", "nobody").output())
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
    KUBECTL.runWith(pod, "apply", "-f", "-");
    KUBECTL.run("wait", "--for=condition=Ready", "pod/boxed", "--timeout=60s");

    assertThat(KUBECTL.run("get", "pod", "boxed", "-o", "jsonpath={.spec.runtimeClassName}"))
        .isEqualTo("gvisor");
    assertThat(KUBECTL.run("exec", "boxed", "--", "/bin/dmesg")).contains("Starting gVisor");
    String host = KUBECTL.run("get", "pod", "boxed", "-o", "jsonpath={.status.hostIP}");
    try (var in = java.net.URI.create("http://" + host + ":8089").toURL().openStream()) {
      assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .contains("hello from kubra");
    }
    assertThat(
            KUBECTL
                .attempt(
                    pod.replace("boxed", "bare")
                        .replace("spec:", "spec:\n  runtimeClassName: runc"),
                    "apply",
                    "-f",
                    "-")
                .output())
        .contains("privileged containers must run in a sandbox");
    KUBECTL.run("delete", "pod", "boxed");
  }

  @Test
  @Order(7)
  void aNamespaceTakesItsContentWithIt() {
    KUBECTL.run("create", "namespace", "temp");
    KUBECTL.run("create", "deployment", "web", "--image=" + TestImage.NAME, "-n", "temp");
    KUBECTL.run("rollout", "status", "deployment/web", "-n", "temp", "--timeout=60s");
    KUBECTL.run("delete", "namespace", "temp", "--timeout=90s");
    assertThat(KUBECTL.attempt("", "get", "namespace", "temp").output()).contains("NotFound");
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

  /** The worker's files are seen through its agent's mount namespace. */
  private static Path folderOf(String volume) throws IOException {
    return Path.of(
        "/proc/%d/root".formatted(CLUSTER.process(NAME + "-worker.agent.pid").pid()),
        KUBECTL.run("get", "pv", volume, "-o", "jsonpath={.spec.local.path}"));
  }

  @Test
  @Order(7)
  void dataOutlivesThePodsThatWroteIt() throws IOException {
    KUBECTL.run("create", "namespace", "stored");
    KUBECTL.run("config", "set-context", "--current", "--namespace=stored");
    try {
      storeAndFind();
    } finally {
      KUBECTL.run("config", "set-context", "--current", "--namespace=default");
      KUBECTL.run("delete", "namespace", "stored", "--timeout=90s");
    }
  }

  private void storeAndFind() throws IOException {
    KUBECTL.runWith(
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
      KUBECTL.runWith(
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
      KUBECTL.runWith(podWithClaim("writer", "echo kept > /data/file"), "apply", "-f", "-");
      awaitOutput("Succeeded", "get", "pod", "writer", "-o", "jsonpath={.status.phase}");
      KUBECTL.run("delete", "pod", "writer");
      KUBECTL.runWith(podWithClaim("reader", "cat /data/file"), "apply", "-f", "-");
      awaitOutput("kept", "logs", "reader");
      assertThat(KUBECTL.run("describe", "pvc", "data")).contains("ProvisioningSucceeded");

      String volume = KUBECTL.run("get", "pvc", "data", "-o", "jsonpath={.spec.volumeName}");
      Path folder = folderOf(volume);
      assertThat(folder).isDirectory();
      KUBECTL.run("delete", "pod", "reader");
      KUBECTL.run("delete", "pvc", "data", "--timeout=60s");
      if (storageClass.equals("standard")) {
        awaitOutput("NotFound", "get", "pv", volume);
        assertThat(folder).doesNotExist();
      } else {
        awaitOutput("Released", "get", "pv", volume);
        assertThat(folder.resolve("file")).hasContent("kept");
        KUBECTL.run("delete", "pv", volume);
      }
    }
    KUBECTL.run("delete", "storageclass", "kept");
  }

  @Test
  @Order(7)
  void aStatefulSetFindsItsDataAgain() {
    KUBECTL.runWith(
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

    KUBECTL.run("delete", "pod", "db-0");

    awaitOutput("started\nstarted", "logs", "db-0");
    KUBECTL.run("delete", "statefulset", "db");
    KUBECTL.run("wait", "--for=delete", "pod/db-0", "--timeout=60s");
    KUBECTL.run("delete", "pvc", "data-db-0", "--timeout=60s");
  }

  @Test
  @Order(8)
  void upRecoversAClusterWhoseProcessesWereKilled() throws Exception {
    String before =
        KUBECTL.run(
            "get",
            "pods",
            "-l",
            "app=web",
            "-o",
            "jsonpath={.items[*].status.containerStatuses[*].containerID}");
    try (Stream<Path> files = Files.list(Path.of("/run/kubra", NAME))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".pid")).toList()) {
        long pid = Long.parseLong(Files.readString(file).split(" ")[0]);
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
    }

    CLUSTER.up();

    awaitOutput(
        before,
        "get",
        "pods",
        "-l",
        "app=web",
        "-o",
        "jsonpath={.items[*].status.containerStatuses[*].containerID}");
    assertThat(KUBECTL.run("get", "configmap", "settings", "-o", "jsonpath={.data.colour}"))
        .isEqualTo("green");
    CLUSTER.up();
    CLUSTER.kubra("status");
  }

  @Test
  @Order(9)
  void partsAreSwitchedOffAndOnAgainByUp() {
    CLUSTER.up("--disable", "console,monitoring,metrics");
    assertThat(CLUSTER.kubra().attempt("", "open", "console", "--name", NAME).exitCode()).isOne();
    assertThat(CLUSTER.kubra().attempt("", "open", "prometheus", "--name", NAME).exitCode())
        .isOne();
    assertThat(CLUSTER.processes().resolve("programs/prometheus.pid")).doesNotExist();
    assertThat(KUBECTL.attempt("", "top", "nodes").output()).contains("Metrics API not available");
    assertThat(KUBECTL.run("get", "pods", "-l", "app=web")).contains("Running");
    CLUSTER.up();
    assertThat(CLUSTER.kubra("version", "--features")).containsPattern("console +off");

    CLUSTER.up("--enable", "console,metrics");
    assertThat(CLUSTER.kubra("open", "console")).contains("https://");
    awaitOutput(NAME + "-worker", "top", "nodes");
    Command.Result unknown =
        CLUSTER.kubra().attempt("", "up", "--name", NAME, "--disable", "consol");
    assertThat(unknown.exitCode()).isNotZero();
    assertThat(unknown.output()).contains("console");
  }

  @Test
  @Order(10)
  void downLeavesNothingBehind() throws Exception {
    CLUSTER.kubra("down");

    assertThat(Path.of("/var/lib/kubra", NAME)).doesNotExist();
    assertThat(Path.of("/run/kubra", NAME)).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("/" + NAME + "/");
    assertThat(new Command(Path.of("/usr/sbin/ip"), Map.of(), List.of()).run("netns", "list"))
        .doesNotContain("kubra-" + NAME);
    assertThat(new Command(Path.of("/usr/sbin/nft"), Map.of(), List.of()).run("list", "tables"))
        .doesNotContain("kubra_" + NAME);
    try (Stream<Path> cgroups = Files.walk(Path.of("/sys/fs/cgroup"), 3)) {
      assertThat(cgroups.filter(p -> p.endsWith("kubra/" + NAME))).isEmpty();
    }
  }
}
