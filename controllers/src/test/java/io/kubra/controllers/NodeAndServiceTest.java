package io.kubra.controllers;

import static io.kubra.controllers.Workloads.labels;
import static io.kubra.controllers.Workloads.pod;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.IntOrString;
import io.kubra.model.core.v1.Endpoints;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Service;
import io.kubra.model.core.v1.ServicePort;
import io.kubra.model.core.v1.ServiceSpec;
import io.kubra.model.core.v1.Taint;
import io.kubra.model.discovery.v1.Endpoint;
import io.kubra.model.discovery.v1.EndpointSlice;
import io.kubra.model.meta.v1.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Nodes get ranges and taints; Services get the addresses of their pods. */
class NodeAndServiceTest {
  @AutoClose private static final ControlledCluster cluster = new ControlledCluster();
  private static final ResourceClient<Node> nodes = cluster.resource(Node.RESOURCE);

  @Test
  void everyNodeGetsARangeOfItsOwn() {
    node("range-1");
    node("range-2");
    await()
        .untilAsserted(
            () -> {
              Node one = nodes.get("", "range-1");
              Node two = nodes.get("", "range-2");
              assertThat(one.spec().podCIDR()).matches("10\\.244\\.\\d+\\.0/24");
              assertThat(two.spec().podCIDR()).matches("10\\.244\\.\\d+\\.0/24");
              assertThat(one.spec().podCIDR()).isNotEqualTo(two.spec().podCIDR());
              assertThat(one.spec().podCIDRs()).containsExactly(one.spec().podCIDR());
            });
  }

  @Test
  void aSilentNodeIsTaintedAndItsPodsAreEvictedWhenTheirTimeIsUp() {
    String namespace = cluster.namespace();
    node("silent");
    report("silent", "True");
    Pod lost = pod(namespace, "lost", FakeKubelet.GOOD);
    cluster
        .resource(Pod.RESOURCE)
        .create(lost.withSpec(lost.spec().toBuilder().nodeName("silent").build()));
    await().untilAsserted(() -> assertThat(taints("silent")).isEmpty());
    await().until(() -> ready(namespace, "lost").equals("True"));

    // The grace period counts from when the controller saw the last sign of life.
    await()
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              cluster.advance(Duration.ofSeconds(51));
              touch("silent");
              assertThat(taints("silent"))
                  .contains(
                      "node.kubernetes.io/unreachable:NoSchedule",
                      "node.kubernetes.io/unreachable:NoExecute");
            });
    assertThat(nodes.get("", "silent").status().conditions())
        .anySatisfy(
            c -> {
              assertThat(c.type()).isEqualTo("Ready");
              assertThat(c.status()).isEqualTo("Unknown");
              assertThat(c.reason()).isEqualTo("NodeStatusUnknown");
            });

    // The default toleration of unreachable nodes lasts 300 seconds.
    cluster.advance(Duration.ofSeconds(301));
    touch("silent");
    await().until(() -> cluster.resource(Pod.RESOURCE).find(namespace, "lost").isEmpty());
  }

  @Test
  void aNodeThatIsNotReadyIsTaintedAndRelievedWhenItIsReadyAgain() {
    node("flaky");
    report("flaky", "False");
    await()
        .untilAsserted(
            () ->
                assertThat(taints("flaky"))
                    .containsExactlyInAnyOrder(
                        "node.kubernetes.io/not-ready:NoSchedule",
                        "node.kubernetes.io/not-ready:NoExecute"));
    report("flaky", "True");
    await().untilAsserted(() -> assertThat(taints("flaky")).isEmpty());
  }

  @Test
  void aCordonedNodeIsTainted() {
    node("cordoned");
    report("cordoned", "True");
    nodes.patch(
        "",
        "cordoned",
        PatchType.MERGE,
        "{\"spec\":{\"unschedulable\":true}}".getBytes(UTF_8),
        null);
    await()
        .untilAsserted(
            () ->
                assertThat(taints("cordoned"))
                    .containsExactly("node.kubernetes.io/unschedulable:NoSchedule"));
  }

  @Test
  void endpointsFollowTheReadinessOfPods() {
    String namespace = cluster.namespace();
    cluster.resource(Service.RESOURCE).create(service(namespace, "web"));
    cluster.resource(Pod.RESOURCE).create(pod(namespace, "web", FakeKubelet.GOOD));

    await()
        .untilAsserted(
            () ->
                assertThat(endpoints(namespace))
                    .singleElement()
                    .satisfies(e -> assertThat(readyOf(e)).isTrue()));
    EndpointSlice slice = slices(namespace).getFirst();
    assertThat(slice.metadata().labels())
        .containsEntry("kubernetes.io/service-name", "web")
        .containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
    assertThat(slice.ports()).singleElement().satisfies(p -> assertThat(p.port()).isEqualTo(8080));
    await()
        .untilAsserted(
            () ->
                assertThat(subset(namespace).getFirst().addresses())
                    .singleElement()
                    .satisfies(
                        a ->
                            assertThat(a.ip())
                                .isEqualTo(
                                    endpoints(namespace).getFirst().addresses().getFirst())));

    cluster.kubelet().ready(namespace, "web", false);
    await()
        .untilAsserted(
            () ->
                assertThat(endpoints(namespace))
                    .singleElement()
                    .satisfies(e -> assertThat(readyOf(e)).isFalse()));
    await()
        .untilAsserted(
            () -> assertThat(subset(namespace).getFirst().notReadyAddresses()).hasSize(1));

    cluster.resource(Pod.RESOURCE).delete(namespace, "web");
    await().untilAsserted(() -> assertThat(endpoints(namespace)).isEmpty());

    cluster.resource(Service.RESOURCE).delete(namespace, "web");
    await().untilAsserted(() -> assertThat(slices(namespace)).isEmpty());
  }

  private static boolean readyOf(Endpoint endpoint) {
    return Boolean.TRUE.equals(Objects.requireNonNull(endpoint.conditions()).ready());
  }

  private static Service service(String namespace, String app) {
    return Service.builder()
        .metadata(ObjectMeta.builder().namespace(namespace).name(app).build())
        .spec(
            ServiceSpec.builder()
                .selector(labels(app))
                .ports(
                    List.of(
                        ServicePort.builder().port(80).targetPort(IntOrString.of(8080)).build()))
                .build())
        .build();
  }

  private static List<EndpointSlice> slices(String namespace) {
    return cluster.list(EndpointSlice.RESOURCE, namespace);
  }

  private static List<Endpoint> endpoints(String namespace) {
    return slices(namespace).stream().flatMap(s -> s.endpoints().stream()).toList();
  }

  private static List<io.kubra.model.core.v1.EndpointSubset> subset(String namespace) {
    return cluster.resource(Endpoints.RESOURCE).get(namespace, "web").subsets();
  }

  private static String ready(String namespace, String pod) {
    return cluster.resource(Pod.RESOURCE).get(namespace, pod).status().conditions().stream()
        .filter(c -> c.type().equals("Ready"))
        .map(c -> c.status())
        .findFirst()
        .orElse("");
  }

  private static void node(String name) {
    nodes.create(
        Node.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(name)
                    .labels(Map.of("kubernetes.io/hostname", name))
                    .build())
            .build());
  }

  private static void report(String name, String ready) {
    String patch =
        """
        {"status":{"conditions":[{"type":"Ready","status":"%s","reason":"Test",
         "lastHeartbeatTime":"%2$s","lastTransitionTime":"%2$s"}]}}
        """
            .formatted(ready, Instant.now());
    nodes.patch("", name, PatchType.STRATEGIC, patch.getBytes(UTF_8), "status");
  }

  /** A change that is no sign of life, so that the controllers look now. */
  private static void touch(String name) {
    String patch = "{\"metadata\":{\"annotations\":{\"touched\":\"%s\"}}}".formatted(Instant.now());
    nodes.patch("", name, PatchType.MERGE, patch.getBytes(UTF_8), null);
  }

  private static List<String> taints(String name) {
    return nodes.get("", name).spec().taints().stream()
        .map((Taint t) -> t.key() + ":" + t.effect())
        .toList();
  }
}
