package io.kubra.controllers.volume;

import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.volume.VolumeAnnotations;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.client.volume.VolumeMatch;
import io.kubra.model.core.v1.ObjectReference;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps one volume's phase right, and gives it back when its claim is gone. */
final class VolumeSync {
  private final VolumeObjects objects;
  private final Binding binding;
  private final EventRecorder events;
  private final ResourceClient<PersistentVolumeClaim> claims;
  private final Consumer<String> enqueueClaim;

  VolumeSync(
      VolumeObjects objects,
      Binding binding,
      EventRecorder events,
      ResourceClient<PersistentVolumeClaim> claims,
      Consumer<String> enqueueClaim) {
    this.objects = objects;
    this.binding = binding;
    this.events = events;
    this.claims = claims;
    this.enqueueClaim = enqueueClaim;
  }

  void sync(PersistentVolume volume) {
    ObjectReference reference = volume.spec().claimRef();
    if (reference == null || VolumeClaims.uid(reference).isEmpty()) {
      binding.phase(volume, "Available", "");
      return;
    }
    PersistentVolumeClaim claim = claimOf(reference);
    if (claim == null) {
      reclaim(released(volume));
    } else if (VolumeClaims.volumeName(claim).isEmpty()) {
      if (VolumeMatch.sameMode(claim, volume)) {
        enqueueClaim.accept(claim.key());
      } else {
        mismatch(volume, claim);
      }
    } else if (VolumeClaims.volumeName(claim).equals(volume.metadata().name())) {
      binding.phase(volume, "Bound", "");
    } else if (volume.metadata().annotations().containsKey(VolumeAnnotations.PROVISIONED_BY)
        && "Delete".equals(volume.spec().persistentVolumeReclaimPolicy())) {
      // Made for a claim that found another volume meanwhile: nobody has ever used it.
      reclaim(released(volume));
    } else {
      binding.unbind(volume);
    }
  }

  /** The claim of exactly this uid; the API server has the last word on whether it is gone. */
  private @Nullable PersistentVolumeClaim claimOf(ObjectReference reference) {
    String namespace = Objects.requireNonNullElse(reference.namespace(), "");
    String name = Objects.requireNonNullElse(reference.name(), "");
    PersistentVolumeClaim known = objects.claims.get(namespace, name);
    if (known != null && known.metadata().uid().equals(reference.uid())) {
      return known;
    }
    return claims
        .find(namespace, name)
        .filter(c -> c.metadata().uid().equals(reference.uid()))
        .orElse(null);
  }

  private PersistentVolume released(PersistentVolume volume) {
    String phase = volume.status().phase();
    return "Released".equals(phase) || "Failed".equals(phase)
        ? volume
        : binding.phase(volume, "Released", "");
  }

  private void reclaim(PersistentVolume volume) {
    switch (Objects.requireNonNullElse(volume.spec().persistentVolumeReclaimPolicy(), "Retain")) {
      case "Delete" -> {
        if (!volume.metadata().annotations().containsKey(VolumeAnnotations.PROVISIONED_BY)) {
          fail(
              volume,
              "VolumeFailedDelete",
              "error getting deleter volume plugin for volume \"%s\": no deletable volume plugin matched"
                  .formatted(volume.metadata().name()));
        }
      }
      case "Recycle" ->
          fail(volume, "VolumeFailedRecycle", "No recycler plugin found for the volume!");
      default -> {
        // Kept, for an administrator to look at.
      }
    }
  }

  private void fail(PersistentVolume volume, String reason, String message) {
    boolean known =
        "Failed".equals(volume.status().phase()) && message.equals(volume.status().message());
    if (!known) {
      binding.phase(volume, "Failed", message);
      events.warning(volume, reason, message);
    }
  }

  private void mismatch(PersistentVolume volume, PersistentVolumeClaim claim) {
    events.warning(
        volume,
        "VolumeMismatch",
        "Cannot bind PersistentVolume to requested PersistentVolumeClaim \"%s\" due to incompatible volumeMode."
            .formatted(claim.metadata().name()));
    events.warning(
        claim,
        "VolumeMismatch",
        "Cannot bind PersistentVolume \"%s\" to requested PersistentVolumeClaim \"%s\" due to incompatible volumeMode."
            .formatted(volume.metadata().name(), claim.metadata().name()));
  }
}
