package io.kubra.node.pod;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.client.PatchType;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.core.v1.ContainerState;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.DeleteOptions;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.node.cri.CriClient;
import io.kubra.node.runtime.Labels;
import io.kubra.node.testing.TestingContainerd;
import io.kubra.node.testing.TestingNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodLifecycleTest {
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

  private static String container(String name, String script) {
    return "{\"name\":\"%s\",\"image\":\"%s\",\"command\":[\"sh\",\"-c\",\"%s\"]}"
        .formatted(name, TestingContainerd.BUSYBOX, script);
  }

  private static ContainerState state(Pod pod, int container) {
    return pod.status().containerStatuses().get(container).state();
  }

  @Test
  void aPodRunsAndGoes() throws Exception {
    long began = System.nanoTime();
    node.create("runs", "{\"containers\":[" + container("c", "sleep 1000") + "]}");
    Pod pod = node.awaitReady("runs");
    System.out.println("pod ready after " + (System.nanoTime() - began) / 1_000_000 + " ms");
    assertThat(pod.status().phase()).isEqualTo("Running");
    assertThat(pod.status().podIP()).startsWith(node.containerd().podNetwork());
    assertThat(pod.status().hostIP()).isEqualTo("127.0.0.1");
    assertThat(state(pod, 0).running()).isNotNull();
    await()
        .untilAsserted(
            () ->
                assertThat(node.events("runs"))
                    .contains("Created: Created container: c", "Started: Started container c"));
    node.client()
        .resource(Pod.RESOURCE)
        .delete("default", "runs", DeleteOptions.builder().gracePeriodSeconds(1L).build());
    node.awaitGone("runs");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        Files.exists(
                            node.containerd()
                                .directory()
                                .resolve("kubelet/pods/" + pod.metadata().uid())))
                    .isFalse());
  }

  @Test
  void initContainersRunInOrderBeforeTheOthers() throws Exception {
    node.create(
        "init",
        """
        {"restartPolicy":"Never","volumes":[{"name":"v","emptyDir":{}}],
         "initContainers":[%s,%s],"containers":[%s]}
        """
            .formatted(
                mounting(container("one", "echo one >> /v/log")),
                mounting(container("two", "echo two >> /v/log")),
                mounting(
                    container("main", "echo three >> /v/log; cat /v/log > /dev/termination-log"))));
    Pod pod = node.await("init", p -> "Succeeded".equals(p.status().phase()));
    assertThat(state(pod, 0).terminated().message()).isEqualTo("one\ntwo\nthree\n");
    assertThat(state(pod, 0).terminated().reason()).isEqualTo("Completed");
    assertThat(pod.status().initContainerStatuses()).allMatch(s -> s.ready());
  }

  private static String mounting(String container) {
    return container.replaceFirst(
        "\\}$", ",\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/v\"}]}");
  }

  @Test
  void aFailingContainerIsRestartedAndThenBacksOff() throws Exception {
    node.create("crash", "{\"containers\":[" + container("c", "exit 7") + "]}");
    Pod pod =
        node.await(
            "crash",
            p ->
                !p.status().containerStatuses().isEmpty()
                    && state(p, 0).waiting() != null
                    && "CrashLoopBackOff".equals(state(p, 0).waiting().reason()));
    assertThat(state(pod, 0).waiting().message())
        .isEqualTo(
            "back-off 10s restarting failed container=c pod=crash_default("
                + pod.metadata().uid()
                + ")");
    var status = pod.status().containerStatuses().getFirst();
    assertThat(status.restartCount()).isEqualTo(1);
    assertThat(status.lastState().terminated().exitCode()).isEqualTo(7);
    assertThat(status.lastState().terminated().reason()).isEqualTo("Error");
    assertThat(pod.status().phase()).isEqualTo("Running");
  }

  @Test
  void aProgramThatCannotBeRunBacksOffAsWell() throws Exception {
    node.create(
        "absent",
        "{\"containers\":[" + container("c", "").replace("\"sh\"", "\"/no/such/program\"") + "]}");
    Pod pod =
        node.await(
            "absent",
            p ->
                !p.status().containerStatuses().isEmpty()
                    && state(p, 0).waiting() != null
                    && "CrashLoopBackOff".equals(state(p, 0).waiting().reason()));
    assertThat(state(pod, 0).waiting().message()).startsWith("back-off 10s restarting failed");
  }

  @Test
  void anEphemeralContainerLooksAtTheProcessesOfAnother() throws Exception {
    node.create("watched", "{\"containers\":[" + container("c", "sleep 1234") + "]}");
    node.awaitReady("watched");
    String debugger =
        container("debugger", "cat /proc/*/cmdline > /dev/termination-log")
            .replaceFirst("\\}$", ",\"targetContainerName\":\"c\"}");
    node.client()
        .resource(Pod.RESOURCE)
        .patch(
            "default",
            "watched",
            PatchType.STRATEGIC,
            ("{\"spec\":{\"ephemeralContainers\":[" + debugger + "]}}").getBytes(UTF_8),
            "ephemeralcontainers");

    Pod pod =
        node.await(
            "watched",
            p ->
                !p.status().ephemeralContainerStatuses().isEmpty()
                    && p.status().ephemeralContainerStatuses().getFirst().state().terminated()
                        != null);

    var status = pod.status().ephemeralContainerStatuses().getFirst();
    assertThat(status.state().terminated().message()).contains("sleep").contains("1234");
    assertThat(status.restartCount()).isZero();
    assertThat(TestingNode.condition(pod, "Ready")).isEqualTo("True");
  }

  @Test
  void aPodThatMayNotRestartFails() throws Exception {
    node.create(
        "fails", "{\"restartPolicy\":\"Never\",\"containers\":[" + container("c", "exit 3") + "]}");
    Pod pod = node.await("fails", p -> "Failed".equals(p.status().phase()));
    assertThat(state(pod, 0).terminated().exitCode()).isEqualTo(3);
    assertThat(TestingNode.condition(pod, "Ready")).isEqualTo("False");
  }

  @Test
  void configMapsReachVolumesAndVariablesAndChangesFollow() throws Exception {
    var configMaps = node.client().resource(ConfigMap.RESOURCE);
    ConfigMap map =
        configMaps.create(
            ConfigMap.builder()
                .metadata(ObjectMeta.builder().namespace("default").name("settings").build())
                .data(Map.of("key", "first"))
                .build());
    node.create(
        "configured",
        """
        {"volumes":[{"name":"v","configMap":{"name":"settings"}}],"containers":[%s]}
        """
            .formatted(
                mounting(container("c", "echo $KEY > /tmp/key; sleep 1000"))
                    .replaceFirst(
                        "\\}$",
                        ",\"env\":[{\"name\":\"KEY\",\"valueFrom\":{\"configMapKeyRef\":"
                            + "{\"name\":\"settings\",\"key\":\"key\"}}}]}")));
    Pod pod = node.awaitReady("configured");
    Path file =
        node.containerd()
            .directory()
            .resolve(
                "kubelet/pods/" + pod.metadata().uid() + "/volumes/kubernetes.io~configmap/v/key");
    assertThat(Files.readString(file)).isEqualTo("first");
    configMaps.update(map.toBuilder().data(Map.of("key", "second")).build());
    await().untilAsserted(() -> assertThat(Files.readString(file)).isEqualTo("second"));
  }

  @Test
  void aMissingConfigMapHoldsThePodUntilItIsThere() throws Exception {
    node.create(
        "waits",
        """
        {"volumes":[{"name":"v","configMap":{"name":"later"}}],"containers":[%s]}
        """
            .formatted(mounting(container("c", "sleep 1000"))));
    await()
        .untilAsserted(
            () ->
                assertThat(node.events("waits"))
                    .contains(
                        "FailedMount: MountVolume.SetUp failed for volume \"v\" : configmap \"later\" not found"));
    node.client()
        .resource(ConfigMap.RESOURCE)
        .create(
            ConfigMap.builder()
                .metadata(ObjectMeta.builder().namespace("default").name("later").build())
                .data(Map.of("key", "value"))
                .build());
    node.awaitReady("waits");
  }

  @Test
  void anAgentThatStartsAgainTakesOverWhatRuns() throws Exception {
    node.create("stays", "{\"containers\":[" + container("c", "sleep 1000") + "]}");
    Pod before = node.awaitReady("stays");
    node.restartAgent();
    await().until(() -> node.agent().pods().synced());
    node.create("after", "{\"containers\":[" + container("c", "sleep 1000") + "]}");
    node.awaitReady("after");
    Pod after = node.pod("stays");
    assertThat(after.status().containerStatuses().getFirst().containerID())
        .isEqualTo(before.status().containerStatuses().getFirst().containerID());
    assertThat(after.status()).isEqualTo(before.status());
  }

  @Test
  void aPodDeletedByForceIsCleanedUp() throws Exception {
    node.create("forced", "{\"containers\":[" + container("c", "sleep 1000") + "]}");
    Pod pod = node.awaitReady("forced");
    node.client()
        .resource(Pod.RESOURCE)
        .delete("default", "forced", DeleteOptions.builder().gracePeriodSeconds(0L).build());
    await()
        .untilAsserted(
            () ->
                assertThat(node.agent().pods().pods())
                    .noneMatch(p -> p.metadata().uid().equals(pod.metadata().uid())));
  }

  @Test
  void anAbsentImageIsToldAsUpstreamTells() throws Exception {
    node.create(
        "imageless",
        "{\"containers\":[{\"name\":\"c\",\"image\":\"registry.test/none:1\",\"imagePullPolicy\":\"Never\"}]}");
    Pod pod =
        node.await(
            "imageless",
            p ->
                !p.status().containerStatuses().isEmpty()
                    && state(p, 0).waiting() != null
                    && "ErrImageNeverPull".equals(state(p, 0).waiting().reason()));
    assertThat(state(pod, 0).waiting().message())
        .isEqualTo(
            "Container image \"registry.test/none:1\" is not present with pull policy of Never");
    assertThat(pod.status().phase()).isEqualTo("Pending");
  }

  @Test
  void aPodWhoseSandboxDiedGetsAnother() throws Exception {
    node.create("boxed", "{\"containers\":[" + container("c", "sleep 1000") + "]}");
    Pod before = node.awaitReady("boxed");
    try (CriClient cri = CriClient.connect(node.containerd().socket())) {
      cri.podSandboxes(Map.of(Labels.POD_UID, before.metadata().uid()))
          .forEach(s -> cri.stopPodSandbox(s.getId()));
    }
    // The runtime ends containers before their sandbox: one may be started in between, in vain.
    node.await(
        "boxed",
        p ->
            TestingNode.condition(p, "Ready").equals("True")
                && p.status().containerStatuses().getFirst().restartCount() >= 1
                && !Objects.equals(p.status().podIP(), before.status().podIP()));
    await()
        .untilAsserted(
            () ->
                assertThat(node.events("boxed"))
                    .contains(
                        "SandboxChanged: Pod sandbox changed, it will be killed and re-created."));
  }

  @Test
  void aDeathIsNoticedAtOnce() throws Exception {
    node.create("mortal", "{\"containers\":[" + container("c", "sleep 1000") + "]}");
    Pod before = node.awaitReady("mortal");
    String id =
        before.status().containerStatuses().getFirst().containerID().replace("containerd://", "");
    long began;
    try (CriClient cri = CriClient.connect(node.containerd().socket())) {
      cri.stopContainer(id, Duration.ZERO);
      began = System.nanoTime();
    }
    node.await(
        "mortal", p -> p.status().containerStatuses().getFirst().lastState().terminated() != null);
    System.out.println("restart after " + (System.nanoTime() - began) / 1_000_000 + " ms");
  }
}
