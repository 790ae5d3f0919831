package io.kubra.controllers.volume;

import io.kubra.client.ApiClient;
import io.kubra.client.ResourceClient;
import io.kubra.client.volume.VolumeAnnotations;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.model.core.v1.ObjectReference;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.PersistentVolumeClaimStatus;
import io.kubra.model.core.v1.PersistentVolumeStatus;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The writes that make or undo a binding. Every one is left out if the object is as wanted, and
 * refused by the API server if the object has changed since it was read.
 */
final class Binding {
  private final ResourceClient<PersistentVolume> volumes;
  private final ResourceClient<PersistentVolumeClaim> claims;
  private final InstantSource clock;

  Binding(ApiClient client, InstantSource clock) {
    this.volumes = client.resource(PersistentVolume.RESOURCE);
    this.claims = client.resource(PersistentVolumeClaim.RESOURCE);
    this.clock = clock;
  }

  /** Binds in four steps; interrupted anywhere, the next call goes on. */
  void bind(PersistentVolume volume, PersistentVolumeClaim claim) {
    PersistentVolume pointing = phase(point(volume, claim), "Bound", "");
    PersistentVolumeClaim pointed = point(claim, pointing);
    status(pointed, "Bound", pointing);
  }

  private PersistentVolume point(PersistentVolume volume, PersistentVolumeClaim claim) {
    ObjectReference before = volume.spec().claimRef();
    if (before != null && claim.metadata().uid().equals(before.uid())) {
      return volume;
    }
    PersistentVolume pointing =
        volume.withSpec(volume.spec().toBuilder().claimRef(VolumeClaims.reference(claim)).build());
    if (!VolumeClaims.pointsTo(volume, claim)) {
      Map<String, String> annotations = new LinkedHashMap<>(volume.metadata().annotations());
      annotations.put(VolumeAnnotations.BOUND_BY_CONTROLLER, "yes");
      pointing =
          pointing.withMetadata(volume.metadata().toBuilder().annotations(annotations).build());
    }
    return volumes.update(pointing);
  }

  private PersistentVolumeClaim point(PersistentVolumeClaim claim, PersistentVolume volume) {
    Map<String, String> annotations = new LinkedHashMap<>(claim.metadata().annotations());
    boolean named = VolumeClaims.volumeName(claim).equals(volume.metadata().name());
    if (named && annotations.containsKey(VolumeAnnotations.BIND_COMPLETED)) {
      return claim;
    }
    if (!named) {
      annotations.put(VolumeAnnotations.BOUND_BY_CONTROLLER, "yes");
    }
    annotations.put(VolumeAnnotations.BIND_COMPLETED, "yes");
    return claims.update(
        claim
            .withMetadata(claim.metadata().toBuilder().annotations(annotations).build())
            .withSpec(claim.spec().toBuilder().volumeName(volume.metadata().name()).build()));
  }

  /** Sets a claim's phase and, with a volume, what it got. */
  void status(PersistentVolumeClaim claim, String phase, @Nullable PersistentVolume volume) {
    PersistentVolumeClaimStatus before = claim.status();
    PersistentVolumeClaimStatus.Builder after = before.toBuilder().phase(phase);
    if (volume == null) {
      after.accessModes(List.of()).capacity(Map.of());
    } else {
      after.accessModes(volume.spec().accessModes());
      // Once bound, whoever expands the volume says what the claim has.
      if (!"Bound".equals(before.phase()) || before.capacity().isEmpty()) {
        after.capacity(volume.spec().capacity());
      }
    }
    PersistentVolumeClaimStatus wanted = after.build();
    if (!wanted.equals(before)) {
      claims.updateStatus(claim.withStatus(wanted));
    }
  }

  /** Sets a volume's phase; a message says why it failed. */
  PersistentVolume phase(PersistentVolume volume, String phase, String message) {
    PersistentVolumeStatus before = volume.status();
    boolean same = phase.equals(before.phase());
    if (same && message.equals(Objects.requireNonNullElse(before.message(), ""))) {
      return volume;
    }
    return volumes.updateStatus(
        volume.withStatus(
            before.toBuilder()
                .phase(phase)
                .message(message.isEmpty() ? null : message)
                .lastPhaseTransitionTime(same ? before.lastPhaseTransitionTime() : clock.instant())
                .build()));
  }

  /**
   * Takes a volume back from a claim it points to in vain. One that the user bound to the claim's
   * name keeps pointing to the name.
   */
  void unbind(PersistentVolume volume) {
    ObjectReference reference = Objects.requireNonNull(volume.spec().claimRef());
    Map<String, String> annotations = new LinkedHashMap<>(volume.metadata().annotations());
    boolean ours = annotations.remove(VolumeAnnotations.BOUND_BY_CONTROLLER) != null;
    PersistentVolume free =
        volume
            .withMetadata(volume.metadata().toBuilder().annotations(annotations).build())
            .withSpec(
                volume.spec().toBuilder()
                    .claimRef(
                        ours ? null : reference.toBuilder().uid(null).resourceVersion(null).build())
                    .build());
    phase(volumes.update(free), "Available", "");
  }

  /** Notes on a claim who shall make a volume for it. */
  void provisioner(PersistentVolumeClaim claim, String provisioner) {
    Map<String, String> annotations = new LinkedHashMap<>(claim.metadata().annotations());
    annotations.put(VolumeAnnotations.BETA_STORAGE_PROVISIONER, provisioner);
    annotations.put(VolumeAnnotations.STORAGE_PROVISIONER, provisioner);
    if (!annotations.equals(claim.metadata().annotations())) {
      claims.update(
          claim.withMetadata(claim.metadata().toBuilder().annotations(annotations).build()));
    }
  }

  /** Gives a claim a class. */
  void storageClass(PersistentVolumeClaim claim, String name) {
    claims.update(claim.withSpec(claim.spec().toBuilder().storageClassName(name).build()));
  }
}
