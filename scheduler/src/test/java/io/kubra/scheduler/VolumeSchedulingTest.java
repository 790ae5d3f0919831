package io.kubra.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.client.ApiClient;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.LocalVolumeSource;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.NodeSelector;
import io.kubra.model.core.v1.NodeSelectorRequirement;
import io.kubra.model.core.v1.NodeSelectorTerm;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.PersistentVolumeClaimSpec;
import io.kubra.model.core.v1.PersistentVolumeClaimVolumeSource;
import io.kubra.model.core.v1.PersistentVolumeSpec;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodSpec;
import io.kubra.model.core.v1.Volume;
import io.kubra.model.core.v1.VolumeNodeAffinity;
import io.kubra.model.core.v1.VolumeResourceRequirements;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.storage.v1.CSIDriver;
import io.kubra.model.storage.v1.CSIDriverSpec;
import io.kubra.model.storage.v1.StorageClass;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods go where their volumes are, or can be. */
class VolumeSchedulingTest {
  private final MetricRegistry metrics = new MetricRegistry();
  private TestingApiServer server;
  private Scheduler scheduler;
  private ApiClient client;
  private ResourceClient<Pod> pods;
  private ResourceClient<PersistentVolumeClaim> claims;

  @BeforeEach
  void start() {
    server = TestingApiServer.start(b -> b.rules(BuiltinRules.registry()));
    client =
        ApiClient.local(
            server.transport(),
            UserInfo.class,
            UserInfo.of("system:kube-scheduler", UserInfo.MASTERS),
            "test");
    pods = client.resource(Pod.RESOURCE);
    claims = client.resource(PersistentVolumeClaim.RESOURCE);
    node("a");
    node("b");
    scheduler = Scheduler.start(client, metrics);
  }

  @AfterEach
  void stop() {
    scheduler.close();
    server.close();
  }

  @Test
  void aPodWithoutItsClaimSaysWhichIsMissing() {
    pod("lonely", "missing");
    await()
        .untilAsserted(
            () ->
                assertThat(message("lonely"))
                    .startsWith(
                        "0/2 nodes are available: persistentvolumeclaim \"missing\" not found."));
  }

  @Test
  void aPodWaitsForClaimsThatAreBoundAtOnce() {
    storageClass("eager", "Immediate");
    claim("data", "eager");
    pod("early", "data");
    await()
        .untilAsserted(
            () ->
                assertThat(message("early"))
                    .startsWith(
                        "0/2 nodes are available: pod has unbound immediate"
                            + " PersistentVolumeClaims."));
    bind("data", "at-b", "b");
    await().until(() -> "b".equals(pods.get("default", "early").spec().nodeName()));
  }

  @Test
  void theChosenNodeIsWrittenOnTheClaimAndThePodFollowsWhenItIsBound() {
    storageClass("lazy", "WaitForFirstConsumer");
    claim("data", "lazy");
    pod("first", "data");
    await().until(() -> !selected("data").isEmpty());
    assertThat(pods.get("default", "first").spec().nodeName()).isNull();

    String node = selected("data");
    bind("data", "made", node);

    await().until(() -> node.equals(pods.get("default", "first").spec().nodeName()));
  }

  @Test
  void nodesWithoutSpaceAreNotChosen() {
    storageClass("lazy", "WaitForFirstConsumer");
    client
        .resource(CSIDriver.RESOURCE)
        .create(
            CSIDriver.builder()
                .metadata(ObjectMeta.builder().name("disks.example.com").build())
                .spec(CSIDriverSpec.builder().storageCapacity(true).build())
                .build());
    claim("data", "lazy");
    // A new scheduler has the driver in its first list.
    scheduler.close();
    scheduler = Scheduler.start(client, metrics);
    pod("big", "data");
    await()
        .untilAsserted(
            () ->
                assertThat(message("big"))
                    .startsWith(
                        "0/2 nodes are available: 2 node(s) did not have enough free storage."));
  }

  private String selected(String claim) {
    return claims
        .get("default", claim)
        .metadata()
        .annotations()
        .getOrDefault("volume.kubernetes.io/selected-node", "");
  }

  private String message(String pod) {
    return pods.get("default", pod).status().conditions().stream()
        .map(c -> String.valueOf(c.message()))
        .findFirst()
        .orElse("");
  }

  /** What provisioner and binder do: a volume that only one node reaches, bound to the claim. */
  private void bind(String claim, String volume, String node) {
    client
        .resource(PersistentVolume.RESOURCE)
        .create(
            PersistentVolume.builder()
                .metadata(ObjectMeta.builder().name(volume).build())
                .spec(
                    PersistentVolumeSpec.builder()
                        .capacity(Map.of("storage", "1Gi"))
                        .accessModes(List.of("ReadWriteOnce"))
                        .local(LocalVolumeSource.builder().path("/x").build())
                        .nodeAffinity(
                            VolumeNodeAffinity.builder()
                                .required(
                                    NodeSelector.builder()
                                        .nodeSelectorTerms(
                                            List.of(
                                                NodeSelectorTerm.builder()
                                                    .matchExpressions(
                                                        List.of(
                                                            NodeSelectorRequirement.builder()
                                                                .key("kubernetes.io/hostname")
                                                                .operator("In")
                                                                .values(List.of(node))
                                                                .build()))
                                                    .build()))
                                        .build())
                                .build())
                        .build())
                .build());
    String patch =
        """
        {"metadata":{"annotations":{"pv.kubernetes.io/bind-completed":"yes"}},
         "spec":{"volumeName":"%s"}}
        """
            .formatted(volume);
    claims.patch("default", claim, PatchType.MERGE, patch.getBytes(UTF_8), null);
  }

  private void storageClass(String name, String mode) {
    client
        .resource(StorageClass.RESOURCE)
        .create(
            StorageClass.builder()
                .metadata(ObjectMeta.builder().name(name).build())
                .provisioner("disks.example.com")
                .volumeBindingMode(mode)
                .build());
  }

  private void claim(String name, String storageClass) {
    claims.create(
        PersistentVolumeClaim.builder()
            .metadata(ObjectMeta.builder().namespace("default").name(name).build())
            .spec(
                PersistentVolumeClaimSpec.builder()
                    .accessModes(List.of("ReadWriteOnce"))
                    .storageClassName(storageClass)
                    .resources(
                        VolumeResourceRequirements.builder()
                            .requests(Map.of("storage", "1Gi"))
                            .build())
                    .build())
            .build());
  }

  private void pod(String name, String claim) {
    pods.create(
        Pod.builder()
            .metadata(ObjectMeta.builder().namespace("default").name(name).build())
            .spec(
                PodSpec.builder()
                    .containers(List.of(Container.builder().name("main").image("image").build()))
                    .volumes(
                        List.of(
                            Volume.builder()
                                .name("v")
                                .persistentVolumeClaim(
                                    PersistentVolumeClaimVolumeSource.builder()
                                        .claimName(claim)
                                        .build())
                                .build()))
                    .build())
            .build());
  }

  private void node(String name) {
    ResourceClient<Node> nodes = client.resource(Node.RESOURCE);
    nodes.create(
        Node.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(name)
                    .labels(Map.of("kubernetes.io/hostname", name))
                    .build())
            .build());
    String status =
        """
        {"status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"},
         "capacity":{"cpu":"4","memory":"8Gi","pods":"110"}}}
        """;
    nodes.patch("", name, PatchType.STRATEGIC, status.getBytes(UTF_8), "status");
  }
}
