package io.kubra.storage.local;

import io.kubra.api.quantity.Quantity;
import io.kubra.client.ApiClient;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.volume.LocalVolumes;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import java.util.Map;

/** Gives a bound claim more of its node's disk. The size of a folder is bookkeeping alone. */
final class LocalExpansion {
  private final LocalObjects objects;
  private final ResourceClient<PersistentVolume> volumes;
  private final ResourceClient<PersistentVolumeClaim> claims;
  private final EventRecorder events;

  LocalExpansion(LocalObjects objects, ApiClient client, EventRecorder events) {
    this.objects = objects;
    this.volumes = client.resource(PersistentVolume.RESOURCE);
    this.claims = client.resource(PersistentVolumeClaim.RESOURCE);
    this.events = events;
  }

  void expand(PersistentVolumeClaim claim) {
    PersistentVolume volume = objects.volumes.get("", VolumeClaims.volumeName(claim));
    Quantity wanted = VolumeClaims.requested(claim);
    if (volume == null
        || !LocalVolumes.provisioned(volume)
        || !"Bound".equals(claim.status().phase())
        || wanted.compareTo(VolumeClaims.size(claim.status().capacity())) <= 0) {
      return;
    }
    Quantity has = VolumeClaims.size(volume.spec().capacity());
    if (has.compareTo(wanted) < 0) {
      Node node = objects.nodeOf(volume);
      long more = wanted.value() - has.value();
      if (node == null || objects.left(node) < more) {
        events.warning(
            claim,
            "VolumeResizeFailed",
            "resize volume \"%s\" failed: its node has no %d bytes left for volumes"
                .formatted(volume.metadata().name(), more));
        return;
      }
      events.normal(
          claim, "Resizing", "External resizer is resizing volume " + volume.metadata().name());
      var unused =
          volumes.update(
              volume.withSpec(
                  volume.spec().toBuilder()
                      .capacity(Map.of("storage", wanted.toString()))
                      .build()));
    }
    var unused =
        claims.updateStatus(
            claim.withStatus(
                claim.status().toBuilder().capacity(Map.of("storage", wanted.toString())).build()));
    events.normal(claim, "VolumeResizeSuccessful", "Resize volume succeeded");
  }
}
