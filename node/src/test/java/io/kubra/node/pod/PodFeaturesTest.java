package io.kubra.node.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.model.core.v1.ContainerStatus;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Secret;
import io.kubra.model.meta.v1.DeleteOptions;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.node.testing.TestingContainerd;
import io.kubra.node.testing.TestingNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodFeaturesTest {
  private TestingNode node;

  @BeforeAll
  void start() throws Exception {
    String missing = TestingContainerd.missing().orElse("");
    assumeTrue(missing.isEmpty(), "no containerd for tests: " + missing);
    node = TestingNode.start();
  }

  @AfterAll
  void stop() throws Exception {
    if (node != null) {
      node.close();
    }
  }

  /** A container that runs a script; further fields as JSON. */
  private static String container(String script, String more) {
    return "{\"name\":\"c\",\"image\":\"%s\",\"command\":[\"sh\",\"-c\",\"%s\"]%s}"
        .formatted(TestingContainerd.BUSYBOX, script, more.isEmpty() ? "" : "," + more);
  }

  private static ContainerStatus status(Pod pod) {
    return pod.status().containerStatuses().getFirst();
  }

  /** Runs a script to its end and returns what it left in its termination message. */
  private String words(String name, String podFields, String container) throws Exception {
    node.create(
        name,
        "{\"restartPolicy\":\"Never\",%s\"containers\":[%s]}".formatted(podFields, container));
    Pod pod =
        node.await(
            name,
            p ->
                !p.status().containerStatuses().isEmpty()
                    && status(p).state().terminated() != null);
    return String.valueOf(status(pod).state().terminated().message());
  }

  @Test
  void aContainerThatFailsItsLivenessProbeIsReplaced() throws Exception {
    node.create(
        "alive",
        "{\"terminationGracePeriodSeconds\":0,\"containers\":["
            + container(
                "touch /tmp/ok; sleep 2; rm /tmp/ok; sleep 1000",
                "\"livenessProbe\":{\"exec\":{\"command\":[\"test\",\"-e\",\"/tmp/ok\"]},"
                    + "\"periodSeconds\":1,\"failureThreshold\":1}")
            + "]}");
    node.await(
        "alive", p -> !p.status().containerStatuses().isEmpty() && status(p).restartCount() == 1);
    await()
        .untilAsserted(
            () ->
                assertThat(node.events("alive"))
                    .contains("Killing: Container c failed liveness probe, will be restarted")
                    .anyMatch(e -> e.startsWith("Unhealthy: Liveness probe failed: ")));
  }

  @Test
  void aPodIsReadyOnlyWhileItsReadinessProbeSucceeds() throws Exception {
    node.create(
        "ready",
        "{\"containers\":["
            + container(
                "mkdir /tmp/w; echo hi > /tmp/w/index.html; sleep 2; httpd -f -p 8080 -h /tmp/w",
                "\"ports\":[{\"containerPort\":8080,\"name\":\"web\"}],"
                    + "\"readinessProbe\":{\"httpGet\":{\"port\":\"web\",\"path\":\"/\"},"
                    + "\"periodSeconds\":1}")
            + "]}");
    Pod early = node.await("ready", p -> "Running".equals(p.status().phase()));
    assertThat(TestingNode.condition(early, "Ready")).isEqualTo("False");
    Pod late = node.awaitReady("ready");
    assertThat(status(late).ready()).isTrue();
    await()
        .untilAsserted(
            () ->
                assertThat(node.events("ready"))
                    .anyMatch(
                        e ->
                            e.startsWith("Unhealthy: Readiness probe failed: Get \"http://10.")
                                && e.endsWith("connect: connection refused")));
  }

  @Test
  void secretsAndThePodsOwnFieldsAreFilesWithTheirModes() throws Exception {
    node.client()
        .resource(Secret.RESOURCE)
        .create(
            Secret.builder()
                .metadata(ObjectMeta.builder().namespace("default").name("credentials").build())
                .data(Map.of("password", "geheim".getBytes(StandardCharsets.UTF_8)))
                .build());
    String words =
        words(
            "projected",
            "\"volumes\":[{\"name\":\"v\",\"projected\":{\"defaultMode\":256,\"sources\":["
                + "{\"secret\":{\"name\":\"credentials\",\"items\":[{\"key\":\"password\",\"path\":\"a/pw\"}]}},"
                + "{\"downwardAPI\":{\"items\":[{\"path\":\"name\",\"fieldRef\":{\"fieldPath\":\"metadata.name\"}}]}}]}}],",
            container(
                "(cat /v/a/pw; echo; cat /v/name; echo; stat -L -c %a /v/name) > /dev/termination-log",
                "\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/v\"}]"));
    assertThat(words).isEqualTo("geheim\nprojected\n400\n");
  }

  @Test
  void aContainerSeesOnlyTheSubPath() throws Exception {
    String words =
        words(
            "part",
            "\"volumes\":[{\"name\":\"v\",\"emptyDir\":{\"medium\":\"Memory\"}}],"
                + "\"initContainers\":[{\"name\":\"i\",\"image\":\""
                + TestingContainerd.BUSYBOX
                + "\",\"command\":[\"sh\",\"-c\",\"mkdir /v/sub; echo inside > /v/sub/f\"],"
                + "\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/v\"}]}],",
            container(
                "cat /w/f > /dev/termination-log",
                "\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/w\",\"subPath\":\"sub\"}]"));
    assertThat(words).isEqualTo("inside\n");
  }

  @Test
  void theSecurityContextReachesTheProcess() throws Exception {
    String words =
        words(
            "restricted",
            "\"securityContext\":{\"runAsUser\":1234,\"runAsGroup\":1234,\"fsGroup\":777},"
                + "\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}],",
            container(
                "(id -u; id -g; id -G; touch /x 2>&1; touch /v/x; stat -c %g /v/x; hostname) > /dev/termination-log",
                "\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/v\"}],"
                    + "\"securityContext\":{\"readOnlyRootFilesystem\":true,\"allowPrivilegeEscalation\":false}"));
    assertThat(words)
        .isEqualTo("1234\n1234\n1234 777\ntouch: /x: Read-only file system\n777\nrestricted\n");
  }

  @Test
  void aPodThatMustNotRunAsRootDoesNot() throws Exception {
    node.create(
        "rootless",
        "{\"containers\":["
            + container("id", "\"securityContext\":{\"runAsNonRoot\":true}")
            + "]}");
    Pod pod =
        node.await(
            "rootless",
            p ->
                !p.status().containerStatuses().isEmpty()
                    && status(p).state().waiting() != null
                    && "CreateContainerConfigError".equals(status(p).state().waiting().reason()));
    assertThat(status(pod).state().waiting().message())
        .startsWith("container has runAsNonRoot and image will run as root");
  }

  @Test
  void memoryIsLimitedAndItsExcessTold() throws Exception {
    node.create(
        "greedy",
        "{\"restartPolicy\":\"Never\",\"containers\":["
            + container(
                "tail /dev/zero", "\"resources\":{\"limits\":{\"memory\":\"20Mi\",\"cpu\":\"1\"}}")
            + "]}");
    Pod pod = node.await("greedy", p -> "Failed".equals(p.status().phase()));
    assertThat(status(pod).state().terminated().reason()).isEqualTo("OOMKilled");
    assertThat(status(pod).state().terminated().exitCode()).isEqualTo(137);
    assertThat(pod.status().qosClass()).isEqualTo("Guaranteed");
  }

  @Test
  void thePreStopHookRunsBeforeTheEnd() throws Exception {
    Path folder = Files.createDirectory(node.containerd().directory().resolve("witness"));
    node.create(
        "polite",
        "{\"volumes\":[{\"name\":\"v\",\"hostPath\":{\"path\":\""
            + folder
            + "\",\"type\":\"Directory\"}}],\"containers\":["
            + container(
                "sleep 1000",
                "\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/v\"}],"
                    + "\"lifecycle\":{\"postStart\":{\"exec\":{\"command\":[\"touch\",\"/v/started\"]}},"
                    + "\"preStop\":{\"exec\":{\"command\":[\"touch\",\"/v/stopping\"]}}}")
            + "]}");
    node.awaitReady("polite");
    assertThat(folder.resolve("started")).exists();
    node.client()
        .resource(Pod.RESOURCE)
        .delete("default", "polite", DeleteOptions.builder().gracePeriodSeconds(1L).build());
    node.awaitGone("polite");
    assertThat(folder.resolve("stopping")).exists();
  }

  @Test
  void aPodSurvivesTheRuntimesRestart() throws Exception {
    node.create("survivor", "{\"containers\":[" + container("sleep 1000", "") + "]}");
    Pod before = node.awaitReady("survivor");
    node.containerd().restart();
    node.create("later", "{\"containers\":[" + container("sleep 1000", "") + "]}");
    node.awaitReady("later");
    Pod after = node.pod("survivor");
    assertThat(status(after).containerID()).isEqualTo(status(before).containerID());
    assertThat(status(after).restartCount()).isZero();
  }
}
