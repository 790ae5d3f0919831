package io.kubra.storage.local;

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
import io.kubra.client.volume.LocalVolumes;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.core.v1.Event;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.PersistentVolumeClaimSpec;
import io.kubra.model.core.v1.VolumeResourceRequirements;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.storage.v1.CSIStorageCapacity;
import io.kubra.model.storage.v1.StorageClass;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The provisioner against an API server in memory; the tests answer for the node. */
class LocalStorageTest {
  private static final long GIB = 1L << 30;

  private TestingApiServer server;
  private LocalStorage storage;
  private ResourceClient<Node> nodes;
  private ResourceClient<PersistentVolume> volumes;
  private ResourceClient<PersistentVolumeClaim> claims;
  private ApiClient client;

  @BeforeEach
  void start() {
    server = TestingApiServer.start(b -> b.rules(BuiltinRules.registry()));
    client = connect();
    nodes = client.resource(Node.RESOURCE);
    volumes = client.resource(PersistentVolume.RESOURCE);
    claims = client.resource(PersistentVolumeClaim.RESOURCE);
    nodes.create(
        Node.builder()
            .metadata(
                ObjectMeta.builder()
                    .name("n")
                    .labels(Map.of("kubernetes.io/hostname", "n"))
                    .annotations(
                        Map.of(
                            LocalVolumes.PATH,
                            "/volumes",
                            LocalVolumes.CAPACITY,
                            Long.toString(10 * GIB)))
                    .build())
            .build());
    storage = LocalStorage.start(connect(), new MetricRegistry());
  }

  private ApiClient connect() {
    return ApiClient.local(
        server.transport(), UserInfo.class, UserInfo.of("test", UserInfo.MASTERS), "test");
  }

  @AfterEach
  void stop() {
    storage.close();
    server.close();
  }

  @Test
  void aDefaultClassIsMadeAndNodesSayWhatTheyHaveLeft() {
    await()
        .untilAsserted(
            () ->
                assertThat(
                        client
                            .resource(CSIStorageCapacity.RESOURCE)
                            .list("", ListOptions.ALL)
                            .items())
                    .singleElement()
                    .satisfies(c -> assertThat(c.capacity()).isEqualTo(Long.toString(10 * GIB))));
    StorageClass made = client.resource(StorageClass.RESOURCE).get("", LocalStorage.CLASS);
    assertThat(made.metadata().annotations())
        .containsEntry("storageclass.kubernetes.io/is-default-class", "true");
    assertThat(made.volumeBindingMode()).isEqualTo("WaitForFirstConsumer");
  }

  @Test
  void theVolumeIsMadeOnlyAfterTheNodeHasMadeTheFolder() {
    String volume = claim("data", "1Gi");
    await().until(() -> state(volume).equals(LocalVolumes.CREATE));
    assertThat(volumes.find("", volume)).isEmpty();

    answer(volume, LocalVolumes.CREATED);

    await().until(() -> volumes.find("", volume).isPresent());
    PersistentVolume made = volumes.get("", volume);
    assertThat(Objects.requireNonNull(made.spec().local()).path()).isEqualTo("/volumes/" + volume);
    assertThat(made.spec().persistentVolumeReclaimPolicy()).isEqualTo("Delete");
    assertThat(made.metadata().annotations())
        .containsEntry("pv.kubernetes.io/provisioned-by", LocalVolumes.PROVISIONER);
    await().until(() -> state(volume).isEmpty());
  }

  @Test
  void aNodeWithoutSpaceIsGivenBackToTheScheduler() {
    claim("huge", "11Gi");
    await()
        .untilAsserted(
            () ->
                assertThat(claims.get("default", "huge").metadata().annotations())
                    .doesNotContainKey("volume.kubernetes.io/selected-node"));
    await()
        .untilAsserted(
            () ->
                assertThat(messages("huge"))
                    .anyMatch(m -> m.startsWith("ProvisioningFailed: failed to provision")));
  }

  @Test
  void aFolderThatCannotBeMadeIsReported() {
    String volume = claim("data", "1Gi");
    await().until(() -> state(volume).equals(LocalVolumes.CREATE));
    answer(volume, LocalVolumes.FAILED + "no space left on device");
    await()
        .untilAsserted(
            () ->
                assertThat(messages("data")).anyMatch(m -> m.contains("no space left on device")));
    await().until(() -> state(volume).isEmpty());
  }

  @Test
  void aReleasedVolumeGoesOnceItsFolderIsGone() {
    String volume = provisioned("data");
    claims.delete("default", "data");
    phase(volume, "Released");
    await().until(() -> state(volume).equals(LocalVolumes.DELETE));
    assertThat(volumes.find("", volume)).isPresent();

    answer(volume, LocalVolumes.DELETED);

    await().until(() -> volumes.find("", volume).isEmpty());
    await().until(() -> state(volume).isEmpty());
  }

  @Test
  void aRetainedVolumeAndItsFolderStay() {
    String volume = provisioned("data");
    volumes.patch(
        "",
        volume,
        PatchType.MERGE,
        "{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Retain\"}}".getBytes(UTF_8),
        null);
    await().until(() -> volumes.get("", volume).metadata().finalizers().isEmpty());
    phase(volume, "Released");
    String other = claim("other", "1Gi");
    await().until(() -> state(other).equals(LocalVolumes.CREATE));
    assertThat(state(volume)).isEmpty();
    assertThat(volumes.find("", volume)).isPresent();
  }

  @Test
  void aFolderWhoseClaimWentAwayMeanwhileIsRemoved() {
    String volume = claim("data", "1Gi");
    await().until(() -> state(volume).equals(LocalVolumes.CREATE));
    claims.delete("default", "data");
    answer(volume, LocalVolumes.CREATED);
    await().until(() -> state(volume).equals(LocalVolumes.DELETE));
    answer(volume, LocalVolumes.DELETED);
    await().until(() -> state(volume).isEmpty());
    assertThat(volumes.find("", volume)).isEmpty();
  }

  private String provisioned(String name) {
    String volume = claim(name, "1Gi");
    await().until(() -> state(volume).equals(LocalVolumes.CREATE));
    answer(volume, LocalVolumes.CREATED);
    await().until(() -> volumes.find("", volume).isPresent() && state(volume).isEmpty());
    return volume;
  }

  /** A claim as the binder and the scheduler leave it; returns its volume's name. */
  private String claim(String name, String size) {
    PersistentVolumeClaim claim =
        claims.create(
            PersistentVolumeClaim.builder()
                .metadata(
                    ObjectMeta.builder()
                        .namespace("default")
                        .name(name)
                        .annotations(
                            Map.of(
                                "volume.kubernetes.io/storage-provisioner",
                                LocalVolumes.PROVISIONER,
                                "volume.kubernetes.io/selected-node",
                                "n"))
                        .build())
                .spec(
                    PersistentVolumeClaimSpec.builder()
                        .accessModes(List.of("ReadWriteOnce"))
                        .storageClassName(LocalStorage.CLASS)
                        .resources(
                            VolumeResourceRequirements.builder()
                                .requests(Map.of("storage", size))
                                .build())
                        .build())
                .build());
    return "pvc-" + claim.metadata().uid();
  }

  private String state(String volume) {
    return LocalVolumes.state(nodes.get("", "n"), volume);
  }

  private void answer(String volume, String answer) {
    String patch =
        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}"
            .formatted(LocalVolumes.annotation(volume), answer);
    nodes.patch("", "n", PatchType.MERGE, patch.getBytes(UTF_8), null);
  }

  private void phase(String volume, String phase) {
    String patch = "{\"status\":{\"phase\":\"%s\"}}".formatted(phase);
    volumes.patch("", volume, PatchType.MERGE, patch.getBytes(UTF_8), "status");
  }

  private List<String> messages(String claim) {
    return client.resource(Event.RESOURCE).list("default", ListOptions.ALL).items().stream()
        .filter(e -> claim.equals(e.involvedObject().name()))
        .map(e -> e.reason() + ": " + e.message())
        .toList();
  }
}
