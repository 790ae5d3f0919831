package io.kubra.controllers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubra.client.ListOptions;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.core.v1.Event;
import io.kubra.model.core.v1.HostPathVolumeSource;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.PersistentVolumeClaimSpec;
import io.kubra.model.core.v1.PersistentVolumeClaimVolumeSource;
import io.kubra.model.core.v1.PersistentVolumeSpec;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Volume;
import io.kubra.model.core.v1.VolumeResourceRequirements;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.storage.v1.StorageClass;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Claims find volumes, and volumes come back by their policies. */
class VolumeTest {
  @AutoClose private static final ControlledCluster cluster = new ControlledCluster();
  private static final ResourceClient<PersistentVolume> volumes =
      cluster.resource(PersistentVolume.RESOURCE);
  private static final ResourceClient<PersistentVolumeClaim> claims =
      cluster.resource(PersistentVolumeClaim.RESOURCE);

  @Test
  void aClaimTakesTheSmallestVolumeThatIsLargeEnough() {
    String ns = cluster.namespace();
    volume("fit-small", "fit", "1Gi", "Retain");
    volume("fit-right", "fit", "2Gi", "Retain");
    volume("fit-large", "fit", "8Gi", "Retain");
    await().until(() -> phase("fit-right").equals("Available"));

    claim(ns, "data", "fit", "1500Mi");

    await().until(() -> claimPhase(ns, "data").equals("Bound"));
    PersistentVolumeClaim claim = claims.get(ns, "data");
    assertThat(claim.spec().volumeName()).isEqualTo("fit-right");
    assertThat(claim.status().capacity()).containsEntry("storage", "2Gi");
    assertThat(claim.metadata().annotations())
        .containsEntry("pv.kubernetes.io/bind-completed", "yes")
        .containsEntry("pv.kubernetes.io/bound-by-controller", "yes");
    assertThat(claim.metadata().finalizers()).contains("kubernetes.io/pvc-protection");
    PersistentVolume volume = volumes.get("", "fit-right");
    assertThat(volume.status().phase()).isEqualTo("Bound");
    assertThat(Objects.requireNonNull(volume.spec().claimRef()).uid())
        .isEqualTo(claim.metadata().uid());
  }

  @Test
  void manyClaimsNeverShareAVolume() {
    String ns = cluster.namespace();
    for (int i = 0; i < 6; i++) {
      claim(ns, "c" + i, "many", "1Gi");
    }
    for (int i = 0; i < 5; i++) {
      volume("many-" + i, "many", "1Gi", "Retain");
    }
    await()
        .untilAsserted(
            () ->
                assertThat(claims.list(ns, ListOptions.ALL).items())
                    .filteredOn(c -> "Bound".equals(c.status().phase()))
                    .hasSize(5)
                    .extracting(c -> c.spec().volumeName())
                    .doesNotHaveDuplicates());
  }

  @Test
  void aReleasedVolumeIsKeptAndNotGivenToAnybodyElse() {
    String ns = cluster.namespace();
    volume("kept", "kept", "1Gi", "Retain");
    claim(ns, "first", "kept", "1Gi");
    await().until(() -> claimPhase(ns, "first").equals("Bound"));

    claims.delete(ns, "first");

    await().until(() -> phase("kept").equals("Released"));
    claim(ns, "second", "kept", "1Gi");
    await().until(() -> !events(ns, "second").isEmpty());
    assertThat(claimPhase(ns, "second")).isEqualTo("Pending");
  }

  @Test
  void aVolumeThatNobodyCanDeleteFailsAndSaysWhy() {
    String ns = cluster.namespace();
    volume("undeletable", "undeletable", "1Gi", "Delete");
    claim(ns, "data", "undeletable", "1Gi");
    await().until(() -> claimPhase(ns, "data").equals("Bound"));

    claims.delete(ns, "data");

    await().until(() -> phase("undeletable").equals("Failed"));
    assertThat(volumes.get("", "undeletable").status().message())
        .contains("no deletable volume plugin matched");
  }

  @Test
  void aClaimInUseStaysUntilItsPodIsGone() {
    String ns = cluster.namespace();
    volume("used", "used", "1Gi", "Retain");
    claim(ns, "data", "used", "1Gi");
    Pod pod = Workloads.pod(ns, "user", FakeKubelet.GOOD);
    cluster
        .resource(Pod.RESOURCE)
        .create(
            pod.withSpec(
                pod.spec().toBuilder()
                    .nodeName("somewhere")
                    .volumes(
                        List.of(
                            Volume.builder()
                                .name("v")
                                .persistentVolumeClaim(
                                    PersistentVolumeClaimVolumeSource.builder()
                                        .claimName("data")
                                        .build())
                                .build()))
                    .build()));
    await().until(() -> claimPhase(ns, "data").equals("Bound"));

    claims.delete(ns, "data");
    assertThat(claims.get(ns, "data").metadata().deletionTimestamp()).isNotNull();

    cluster.resource(Pod.RESOURCE).delete(ns, "user");
    await().until(() -> claims.find(ns, "data").isEmpty());
  }

  @Test
  void aClassThatWaitsForAPodSaysSo() {
    String ns = cluster.namespace();
    storageClass("lazy", "example.com/disks", "WaitForFirstConsumer");
    claim(ns, "data", "lazy", "1Gi");
    await()
        .untilAsserted(
            () ->
                assertThat(events(ns, "data"))
                    .contains(
                        "WaitForFirstConsumer: waiting for first consumer to be created before"
                            + " binding"));
  }

  @Test
  void anImmediateClassCallsItsProvisioner() {
    String ns = cluster.namespace();
    storageClass("eager", "example.com/disks", "Immediate");
    claim(ns, "data", "eager", "1Gi");
    await()
        .untilAsserted(
            () ->
                assertThat(claims.get(ns, "data").metadata().annotations())
                    .containsEntry(
                        "volume.kubernetes.io/storage-provisioner", "example.com/disks"));
  }

  @Test
  void onlyBoundClaimsOfClassesThatAllowItGrow() {
    String ns = cluster.namespace();
    storageClass("fixed", "example.com/disks", "Immediate");
    volume("fixed", "fixed", "1Gi", "Retain");
    claim(ns, "data", "fixed", "1Gi");
    await().until(() -> claimPhase(ns, "data").equals("Bound"));
    String more = "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"2Gi\"}}}}";
    assertThatThrownBy(() -> claims.patch(ns, "data", PatchType.MERGE, more.getBytes(UTF_8), null))
        .hasMessageContaining("only dynamically provisioned pvc can be resized");
  }

  private static String phase(String volume) {
    return String.valueOf(volumes.get("", volume).status().phase());
  }

  private static String claimPhase(String ns, String name) {
    return String.valueOf(claims.get(ns, name).status().phase());
  }

  private static List<String> events(String ns, String name) {
    return cluster.list(Event.RESOURCE, ns).stream()
        .filter(e -> name.equals(e.involvedObject().name()))
        .map(e -> e.reason() + ": " + e.message())
        .toList();
  }

  private static void storageClass(String name, String provisioner, String mode) {
    cluster
        .resource(StorageClass.RESOURCE)
        .create(
            StorageClass.builder()
                .metadata(ObjectMeta.builder().name(name).build())
                .provisioner(provisioner)
                .volumeBindingMode(mode)
                .build());
  }

  private static void volume(String name, String storageClass, String size, String policy) {
    volumes.create(
        PersistentVolume.builder()
            .metadata(ObjectMeta.builder().name(name).build())
            .spec(
                PersistentVolumeSpec.builder()
                    .capacity(Map.of("storage", size))
                    .accessModes(List.of("ReadWriteOnce"))
                    .storageClassName(storageClass)
                    .persistentVolumeReclaimPolicy(policy)
                    .hostPath(HostPathVolumeSource.builder().path("/data/" + name).build())
                    .build())
            .build());
  }

  private static void claim(String ns, String name, String storageClass, String size) {
    claims.create(
        PersistentVolumeClaim.builder()
            .metadata(ObjectMeta.builder().namespace(ns).name(name).build())
            .spec(
                PersistentVolumeClaimSpec.builder()
                    .accessModes(List.of("ReadWriteOnce"))
                    .storageClassName(storageClass)
                    .resources(
                        VolumeResourceRequirements.builder()
                            .requests(Map.of("storage", size))
                            .build())
                    .build())
            .build());
  }
}
