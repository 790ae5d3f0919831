package io.kubra.controllers.volume;

import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.volume.VolumeAnnotations;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.client.volume.VolumeMatch;
import io.kubra.model.core.v1.ObjectReference;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.storage.v1.StorageClass;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings one claim closer to being bound, in upstream's words to the user. */
final class ClaimSync {
  private static final String IN_TREE = "kubernetes.io/";

  private final VolumeObjects objects;
  private final Binding binding;
  private final EventRecorder events;
  private final ResourceClient<PersistentVolume> volumes;

  ClaimSync(
      VolumeObjects objects,
      Binding binding,
      EventRecorder events,
      ResourceClient<PersistentVolume> volumes) {
    this.objects = objects;
    this.binding = binding;
    this.events = events;
    this.volumes = volumes;
  }

  void sync(PersistentVolumeClaim claim) {
    if (claim.metadata().annotations().containsKey(VolumeAnnotations.BIND_COMPLETED)) {
      syncBound(claim);
    } else if (claim.metadata().deletionTimestamp() == null) {
      if (VolumeClaims.volumeName(claim).isEmpty()) {
        syncOpen(claim);
      } else {
        syncNamed(claim);
      }
    }
  }

  /** A claim that takes any volume that suits it. */
  private void syncOpen(PersistentVolumeClaim claim) {
    StorageClass storageClass = objects.classOf(claim);
    boolean delayed = VolumeClaims.waitsForConsumer(storageClass);
    PersistentVolume volume =
        VolumeMatch.find(claim, objects.volumes.list(), null, Set.of(), delayed);
    if (volume != null) {
      binding.bind(volume, claim);
      return;
    }
    if (claim.spec().storageClassName() == null && VolumeClaims.className(claim).isEmpty()) {
      Optional<StorageClass> byDefault = objects.defaultClass();
      if (byDefault.isPresent()) {
        binding.storageClass(claim, byDefault.get().metadata().name());
        return;
      }
    }
    boolean placed = claim.metadata().annotations().containsKey(VolumeAnnotations.SELECTED_NODE);
    if (delayed && !placed) {
      waiting(claim);
    } else if (!VolumeClaims.className(claim).isEmpty()) {
      if (provision(claim)) {
        return;
      }
    } else {
      events.normal(
          claim,
          "FailedBinding",
          "no persistent volumes available for this claim and no storage class is set");
    }
    binding.status(claim, "Pending", null);
  }

  private void waiting(PersistentVolumeClaim claim) {
    List<String> pods = objects.unplacedPodsOf(claim);
    if (pods.isEmpty()) {
      events.normal(
          claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
    } else {
      String text = pods.size() == 1 ? "waiting for pod %s" : "waiting for pods %s";
      events.normal(
          claim,
          "WaitForPodScheduled",
          text.formatted(String.join(",", pods)) + " to be scheduled");
    }
  }

  /** Calls for the class's provisioner; true if the claim was changed for that. */
  private boolean provision(PersistentVolumeClaim claim) {
    StorageClass storageClass = objects.classOf(claim);
    if (storageClass == null) {
      events.warning(
          claim,
          "ProvisioningFailed",
          "storageclass.storage.k8s.io \"%s\" not found".formatted(VolumeClaims.className(claim)));
      return false;
    }
    String provisioner = storageClass.provisioner();
    if (provisioner.startsWith(IN_TREE)) {
      events.warning(claim, "ProvisioningFailed", "no volume plugin matched name: " + provisioner);
      return false;
    }
    if (!provisioner.equals(
        claim.metadata().annotations().get(VolumeAnnotations.STORAGE_PROVISIONER))) {
      binding.provisioner(claim, provisioner);
      return true;
    }
    events.normal(
        claim,
        "ExternalProvisioning",
        "Waiting for a volume to be created either by the external provisioner '%s' or manually by"
                .formatted(provisioner)
            + " the system administrator. If volume creation is delayed, please verify that the"
            + " provisioner is running and correctly registered.");
    return false;
  }

  /** A claim that names its volume. */
  private void syncNamed(PersistentVolumeClaim claim) {
    String name = VolumeClaims.volumeName(claim);
    PersistentVolume volume = objects.volumes.get("", name);
    if (volume == null) {
      binding.status(claim, "Pending", null);
    } else if (volume.spec().claimRef() == null) {
      String objection = VolumeMatch.objection(claim, volume);
      if (objection == null) {
        binding.bind(volume, claim);
      } else {
        events.warning(
            claim,
            "VolumeMismatch",
            "Cannot bind to requested volume \"%s\": %s".formatted(name, objection));
        binding.status(claim, "Pending", null);
      }
    } else if (VolumeClaims.pointsTo(volume, claim)) {
      binding.bind(volume, claim);
    } else {
      events.warning(
          claim,
          "FailedBinding",
          "volume \"%s\" already bound to a different claim.".formatted(name));
      binding.status(claim, "Pending", null);
    }
  }

  /** A claim that was bound once; it is lost if its volume does not answer to it any more. */
  private void syncBound(PersistentVolumeClaim claim) {
    String name = VolumeClaims.volumeName(claim);
    PersistentVolume volume = name.isEmpty() ? null : objects.volumes.get("", name);
    if (volume == null && !name.isEmpty()) {
      volume = volumes.find("", name).orElse(null);
    }
    if (name.isEmpty()) {
      lose(
          claim,
          "ClaimLost",
          "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
    } else if (volume == null) {
      lose(
          claim,
          "ClaimLost",
          "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
    } else {
      ObjectReference reference = volume.spec().claimRef();
      if (reference == null || VolumeClaims.pointsTo(volume, claim)) {
        binding.bind(volume, claim);
      } else {
        lose(
            claim,
            "ClaimMisbound",
            "Two claims are bound to the same volume, this one is bound incorrectly");
      }
    }
  }

  private void lose(PersistentVolumeClaim claim, String reason, String message) {
    if (!"Lost".equals(claim.status().phase())) {
      binding.status(claim, "Lost", null);
      events.warning(claim, reason, message);
    }
  }
}
