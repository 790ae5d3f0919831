package io.kubra.scheduler.volume;

import io.kubra.api.quantity.Quantity;
import io.kubra.client.match.Selectors;
import io.kubra.client.volume.VolumeAnnotations;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.client.volume.VolumeMatch;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.TopologySelectorLabelRequirement;
import io.kubra.model.core.v1.Volume;
import io.kubra.model.storage.v1.CSIDriver;
import io.kubra.model.storage.v1.CSIStorageCapacity;
import io.kubra.model.storage.v1.StorageClass;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pod's claims, sorted by what is still to be done.
 *
 * @param bound claims that have their volumes
 * @param open claims that wait for the pod's node
 * @param refusal why the pod can go nowhere, in upstream's words; empty if it can
 */
public record PodClaims(
    List<PersistentVolumeClaim> bound, List<PersistentVolumeClaim> open, String refusal) {
  /** What a node offers: a plan, or the reason against it. */
  public sealed interface Offer {
    /** The node will do. */
    record Possible(VolumePlan plan) implements Offer {}

    /** The node will not do. */
    record Impossible(String reason) implements Offer {}
  }

  private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";
  private static final Offer GONE =
      new Offer.Impossible(
          "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
  private static final Offer ELSEWHERE =
      new Offer.Impossible("node(s) didn't match PersistentVolume's node affinity");
  private static final Offer NO_VOLUME =
      new Offer.Impossible("node(s) didn't find available persistent volumes to bind");
  private static final Offer NO_SPACE =
      new Offer.Impossible("node(s) did not have enough free storage");

  /** Looks up all claims of a pod. */
  public static PodClaims of(Pod pod, VolumeReader reader) {
    List<PersistentVolumeClaim> bound = new ArrayList<>();
    List<PersistentVolumeClaim> open = new ArrayList<>();
    boolean immediate = false;
    for (Volume volume : pod.spec().volumes()) {
      String name = VolumeClaims.nameOf(pod, volume);
      if (name == null) {
        continue;
      }
      PersistentVolumeClaim claim = reader.claim(pod.metadata().namespace(), name);
      String refusal = refusal(pod, volume, name, claim);
      if (claim == null || !refusal.isEmpty()) {
        return new PodClaims(List.of(), List.of(), refusal);
      }
      if (VolumeClaims.bound(claim)) {
        bound.add(claim);
      } else if (VolumeClaims.volumeName(claim).isEmpty()
          && VolumeClaims.waitsForConsumer(reader.storageClass(VolumeClaims.className(claim)))) {
        open.add(claim);
      } else {
        immediate = true;
      }
    }
    return new PodClaims(
        bound, open, immediate ? "pod has unbound immediate PersistentVolumeClaims" : "");
  }

  private static String refusal(
      Pod pod, Volume volume, String name, @Nullable PersistentVolumeClaim claim) {
    if (claim == null) {
      return volume.ephemeral() == null
          ? "persistentvolumeclaim \"%s\" not found".formatted(name)
          : "waiting for ephemeral volume controller to create the persistentvolumeclaim \"%s\""
              .formatted(name);
    }
    if (volume.ephemeral() != null && !VolumeClaims.belongsTo(claim, pod)) {
      return "PVC %s was not created for pod %s (pod is not owner)"
          .formatted(claim.key(), pod.key());
    }
    if ("Lost".equals(claim.status().phase())) {
      return "persistentvolumeclaim \"%s\" bound to non-existent persistentvolume \"%s\""
          .formatted(name, VolumeClaims.volumeName(claim));
    }
    return claim.metadata().deletionTimestamp() == null
        ? ""
        : "persistentvolumeclaim \"%s\" is being deleted".formatted(name);
  }

  /** What a node offers for the claims. */
  public Offer offer(Node node, VolumeReader reader) {
    for (PersistentVolumeClaim claim : bound) {
      PersistentVolume volume = reader.volume(VolumeClaims.volumeName(claim));
      if (volume == null) {
        return GONE;
      }
      if (!VolumeMatch.reaches(node, volume)) {
        return ELSEWHERE;
      }
    }
    if (open.isEmpty()) {
      return new Offer.Possible(VolumePlan.NONE);
    }
    List<VolumePlan.Pair> pairs = new ArrayList<>();
    List<PersistentVolumeClaim> provisions = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    List<PersistentVolume> volumes = reader.volumes();
    for (PersistentVolumeClaim claim : open) {
      String chosen = claim.metadata().annotations().get(VolumeAnnotations.SELECTED_NODE);
      if (chosen != null) {
        if (!chosen.equals(node.metadata().name())) {
          return NO_VOLUME;
        }
        provisions.add(claim);
        continue;
      }
      PersistentVolume volume = VolumeMatch.find(claim, volumes, node, taken, true);
      if (volume != null) {
        taken.add(volume.metadata().name());
        pairs.add(new VolumePlan.Pair(volume, claim));
        continue;
      }
      StorageClass storageClass = reader.storageClass(VolumeClaims.className(claim));
      if (storageClass == null
          || storageClass.provisioner().equals(NO_PROVISIONER)
          || !allowed(storageClass, node)) {
        return NO_VOLUME;
      }
      if (!hasSpace(storageClass, VolumeClaims.requested(claim), node, reader)) {
        return NO_SPACE;
      }
      provisions.add(claim);
    }
    return new Offer.Possible(new VolumePlan(pairs, provisions));
  }

  private static boolean allowed(StorageClass storageClass, Node node) {
    Map<String, String> labels = node.metadata().labels();
    return storageClass.allowedTopologies().isEmpty()
        || storageClass.allowedTopologies().stream()
            .anyMatch(
                term -> {
                  for (TopologySelectorLabelRequirement r : term.matchLabelExpressions()) {
                    if (!r.values().contains(labels.getOrDefault(r.key(), ""))) {
                      return false;
                    }
                  }
                  return true;
                });
  }

  /** Asks the capacities that a driver publishes, if it says that it does. */
  private static boolean hasSpace(
      StorageClass storageClass, Quantity size, Node node, VolumeReader reader) {
    CSIDriver driver = reader.driver(storageClass.provisioner());
    if (driver == null || !Boolean.TRUE.equals(driver.spec().storageCapacity())) {
      return true;
    }
    for (CSIStorageCapacity capacity : reader.capacities()) {
      String limit =
          capacity.maximumVolumeSize() == null ? capacity.capacity() : capacity.maximumVolumeSize();
      Quantity left = Quantity.tryParse(limit);
      if (capacity.storageClassName().equals(storageClass.metadata().name())
          && left != null
          && left.compareTo(size) >= 0
          && Selectors.matches(capacity.nodeTopology(), node.metadata().labels())) {
        return true;
      }
    }
    return false;
  }
}
