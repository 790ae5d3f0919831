package io.kubra.client.volume;

import io.kubra.api.quantity.Quantity;
import io.kubra.client.match.NodeSelectors;
import io.kubra.client.match.Selectors;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.VolumeNodeAffinity;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the volume that suits a claim best. */
public final class VolumeMatch {
  private VolumeMatch() {}

  /**
   * The volume that was bound to the claim in advance, or else the smallest that is large enough;
   * null if there is none.
   *
   * @param node the node that must reach the volume, or null if that is still open
   * @param reserved names of volumes that are spoken for
   * @param delayed whether to leave volumes alone that were not bound in advance, because the claim
   *     waits for its pod; heeded only without a node
   */
  public static @Nullable PersistentVolume find(
      PersistentVolumeClaim claim,
      List<PersistentVolume> volumes,
      @Nullable Node node,
      Set<String> reserved,
      boolean delayed) {
    Quantity wanted = VolumeClaims.requested(claim);
    PersistentVolume best = null;
    for (PersistentVolume volume : volumes) {
      Quantity size = VolumeClaims.size(volume.spec().capacity());
      boolean inAdvance = VolumeClaims.pointsTo(volume, claim);
      if (reserved.contains(volume.metadata().name())
          || volume.metadata().deletionTimestamp() != null
          || size.compareTo(wanted) < 0
          || !sameMode(claim, volume)
          || (node != null && !reaches(node, volume))) {
        continue;
      }
      if (inAdvance) {
        return volume;
      }
      if ((node == null && delayed)
          || volume.spec().claimRef() != null
          || !"Available".equals(volume.status().phase())
          || !suits(claim, volume)) {
        continue;
      }
      if (best == null || size.compareTo(VolumeClaims.size(best.spec().capacity())) < 0) {
        best = volume;
      }
    }
    return best;
  }

  private static boolean suits(PersistentVolumeClaim claim, PersistentVolume volume) {
    var selector = claim.spec().selector();
    return VolumeClaims.className(claim).equals(VolumeClaims.className(volume))
        && (selector == null || Selectors.matches(selector, volume.metadata().labels()))
        && Objects.equals(
            Objects.requireNonNullElse(claim.spec().volumeAttributesClassName(), ""),
            Objects.requireNonNullElse(volume.spec().volumeAttributesClassName(), ""))
        && offersModes(claim, volume);
  }

  /** Why a volume that the claim names cannot be bound to it, or null if it can. */
  public static @Nullable String objection(PersistentVolumeClaim claim, PersistentVolume volume) {
    if (VolumeClaims.size(volume.spec().capacity()).compareTo(VolumeClaims.requested(claim)) < 0) {
      return "requested PV is too small";
    }
    if (!VolumeClaims.className(claim).equals(VolumeClaims.className(volume))) {
      return "storageClassName does not match";
    }
    if (!sameMode(claim, volume)) {
      return "incompatible volumeMode";
    }
    return offersModes(claim, volume) ? null : "incompatible accessMode";
  }

  /** Whether both are file systems or both are block devices. */
  public static boolean sameMode(PersistentVolumeClaim claim, PersistentVolume volume) {
    return Objects.requireNonNullElse(claim.spec().volumeMode(), "Filesystem")
        .equals(Objects.requireNonNullElse(volume.spec().volumeMode(), "Filesystem"));
  }

  private static boolean offersModes(PersistentVolumeClaim claim, PersistentVolume volume) {
    return new HashSet<>(volume.spec().accessModes()).containsAll(claim.spec().accessModes());
  }

  /** Whether a node can use a volume. */
  public static boolean reaches(Node node, PersistentVolume volume) {
    VolumeNodeAffinity affinity = volume.spec().nodeAffinity();
    var required = affinity == null ? null : affinity.required();
    return required == null
        || NodeSelectors.matches(required, node.metadata().name(), node.metadata().labels());
  }
}
