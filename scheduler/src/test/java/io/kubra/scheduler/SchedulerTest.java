package io.kubra.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Event;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodCondition;
import io.kubra.model.core.v1.PodSpec;
import io.kubra.model.core.v1.ResourceRequirements;
import io.kubra.model.meta.v1.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scheduler against a real API server in memory. */
class SchedulerTest {
  private final MetricRegistry metrics = new MetricRegistry();
  private TestingApiServer server;
  private Scheduler scheduler;
  private ResourceClient<Pod> pods;
  private ResourceClient<Node> nodes;
  private ResourceClient<Event> events;

  @BeforeEach
  void start() {
    server = TestingApiServer.start(b -> b.rules(BuiltinRules.registry()));
    ApiClient client =
        ApiClient.local(
            server.transport(),
            UserInfo.class,
            UserInfo.of("system:kube-scheduler", UserInfo.MASTERS),
            "test");
    pods = client.resource(Pod.RESOURCE);
    nodes = client.resource(Node.RESOURCE);
    events = client.resource(Event.RESOURCE);
    scheduler = Scheduler.start(client, metrics);
  }

  @AfterEach
  void stop() {
    scheduler.close();
    server.close();
  }

  @Test
  void podsAreSpreadOverTheNodes() {
    node("a", "4");
    node("b", "4");
    for (int i = 0; i < 8; i++) {
      pod("p" + i, "500m");
    }
    await().untilAsserted(() -> assertThat(placed()).isEqualTo(Map.of("a", 4L, "b", 4L)));
    assertThat(condition("p0").status()).isEqualTo("True");
    await()
        .untilAsserted(
            () ->
                assertThat(messages("p0"))
                    .singleElement()
                    .asString()
                    .startsWith("Scheduled: Successfully assigned default/p0 to "));
  }

  @Test
  void aPodThatFitsNowhereSaysWhyAndIsPlacedWhenANodeAppears() {
    node("small", "1");
    pod("big", "2");
    await()
        .untilAsserted(
            () -> {
              PodCondition condition = condition("big");
              assertThat(condition.status()).isEqualTo("False");
              assertThat(condition.reason()).isEqualTo("Unschedulable");
              assertThat(condition.message())
                  .startsWith("0/1 nodes are available: 1 Insufficient cpu.");
            });
    await()
        .untilAsserted(
            () ->
                assertThat(messages("big"))
                    .anyMatch(m -> m.startsWith("FailedScheduling: 0/1 nodes are available")));

    node("large", "4");
    await()
        .untilAsserted(
            () -> assertThat(pods.get("default", "big").spec().nodeName()).isEqualTo("large"));
  }

  @Test
  void attemptsAndWaitingPodsAreCounted() {
    pod("early", "100m");
    await()
        .untilAsserted(
            () ->
                assertThat(new String(metrics.text(), UTF_8))
                    .contains(
                        "scheduler_pending_pods{queue=\"unschedulable\"} 1\n",
                        "scheduler_queue_incoming_pods_total{event=\"PodAdd\",queue=\"active\"} 1\n",
                        "scheduler_schedule_attempts_total{profile=\"default-scheduler\","
                            + "result=\"unschedulable\"} 1\n"));
    node("a", "4");
    await()
        .untilAsserted(
            () ->
                assertThat(new String(metrics.text(), UTF_8))
                    .contains(
                        "scheduler_pending_pods{queue=\"unschedulable\"} 0\n",
                        "scheduler_schedule_attempts_total{profile=\"default-scheduler\","
                            + "result=\"scheduled\"} 1\n",
                        "scheduler_pod_scheduling_sli_duration_seconds_count{attempts=\"2\"} 1\n",
                        "scheduler_framework_extension_point_duration_seconds_count"
                            + "{extension_point=\"Bind\",profile=\"default-scheduler\","
                            + "status=\"Success\"} 1\n"));
  }

  @Test
  void aPodWaitsWithoutNodes() {
    pod("early", "100m");
    await()
        .untilAsserted(
            () ->
                assertThat(condition("early").message())
                    .isEqualTo("no nodes available to schedule pods"));
  }

  @Test
  void aPodThatEndsMakesRoom() {
    node("only", "1");
    pod("first", "800m");
    await().until(() -> "only".equals(pods.get("default", "first").spec().nodeName()));
    pod("second", "800m");
    await().untilAsserted(() -> assertThat(condition("second").status()).isEqualTo("False"));
    pods.patch(
        "default",
        "first",
        PatchType.MERGE,
        "{\"status\":{\"phase\":\"Succeeded\"}}".getBytes(UTF_8),
        "status");
    await().until(() -> "only".equals(pods.get("default", "second").spec().nodeName()));
  }

  @Test
  void aNodeIsNeverOvercommitted() {
    node("a", "2");
    node("b", "2");
    for (int i = 0; i < 12; i++) {
      pod("p" + i, "500m");
    }
    await().untilAsserted(() -> assertThat(placed()).isEqualTo(Map.of("a", 4L, "b", 4L)));
    await()
        .untilAsserted(
            () ->
                assertThat(all())
                    .filteredOn(p -> p.spec().nodeName() == null)
                    .hasSize(4)
                    .allMatch(p -> !p.status().conditions().isEmpty()));
    assertThat(placed()).isEqualTo(Map.of("a", 4L, "b", 4L));
  }

  private List<Pod> all() {
    return pods.list("default", ListOptions.ALL).items();
  }

  private Map<String, Long> placed() {
    return all().stream()
        .filter(p -> p.spec().nodeName() != null)
        .collect(Collectors.groupingBy(p -> p.spec().nodeName(), Collectors.counting()));
  }

  private PodCondition condition(String pod) {
    return pods.get("default", pod).status().conditions().stream()
        .filter(c -> c.type().equals("PodScheduled"))
        .findFirst()
        .orElseGet(() -> PodCondition.builder().build());
  }

  private List<String> messages(String pod) {
    return events.list("default", ListOptions.ALL).items().stream()
        .filter(e -> pod.equals(e.involvedObject().name()))
        .map(e -> e.reason() + ": " + e.message())
        .toList();
  }

  private void pod(String name, String cpu) {
    pods.create(
        Pod.builder()
            .metadata(ObjectMeta.builder().namespace("default").name(name).build())
            .spec(
                PodSpec.builder()
                    .containers(
                        List.of(
                            Container.builder()
                                .name("main")
                                .image("image")
                                .resources(
                                    ResourceRequirements.builder()
                                        .requests(Map.of("cpu", cpu))
                                        .build())
                                .build()))
                    .build())
            .build());
  }

  private void node(String name, String cpu) {
    nodes.create(
        Node.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(name)
                    .labels(Map.of("kubernetes.io/hostname", name))
                    .build())
            .build());
    String patch =
        """
        {"status":{"allocatable":{"cpu":"%1$s","memory":"8Gi","pods":"110"},
         "capacity":{"cpu":"%1$s","memory":"8Gi","pods":"110"},
         "conditions":[{"type":"Ready","status":"True"}]}}
        """
            .formatted(cpu);
    nodes.patch("", name, PatchType.STRATEGIC, patch.getBytes(UTF_8), "status");
  }
}
