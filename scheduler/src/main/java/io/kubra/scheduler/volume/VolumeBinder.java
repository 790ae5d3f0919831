package io.kubra.scheduler.volume;

import io.kubra.client.ApiClient;
import io.kubra.client.ResourceClient;
import io.kubra.client.volume.VolumeAnnotations;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Carries out what was planned for a pod's claims before the pod is bound to its node. */
public final class VolumeBinder {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final ClusterVolumes volumes;
  private final ResourceClient<PersistentVolume> volumeClient;
  private final ResourceClient<PersistentVolumeClaim> claimClient;

  /** A binder over a client. */
  public VolumeBinder(ApiClient client, ClusterVolumes volumes) {
    this.volumes = volumes;
    this.volumeClient = client.resource(PersistentVolume.RESOURCE);
    this.claimClient = client.resource(PersistentVolumeClaim.RESOURCE);
  }

  /** Reserves what a pod needs on a node, so that the next pod does not get it too. */
  public VolumePlan reserve(Pod pod, Node node) {
    if (VolumeClaims.keysOf(pod).isEmpty()) {
      return VolumePlan.NONE;
    }
    return switch (PodClaims.of(pod, volumes).offer(node, volumes)) {
      case PodClaims.Offer.Impossible impossible -> VolumePlan.NONE;
      case PodClaims.Offer.Possible(VolumePlan plan) -> reserve(plan, node);
    };
  }

  private VolumePlan reserve(VolumePlan plan, Node node) {
    List<VolumePlan.Pair> pairs = new ArrayList<>();
    for (VolumePlan.Pair pair : plan.bindings()) {
      PersistentVolume pointing = pointing(pair.volume(), pair.claim());
      volumes.assume(pointing);
      pairs.add(new VolumePlan.Pair(pointing, pair.claim()));
    }
    List<PersistentVolumeClaim> provisions = new ArrayList<>();
    for (PersistentVolumeClaim claim : plan.provisions()) {
      Map<String, String> annotations = new LinkedHashMap<>(claim.metadata().annotations());
      annotations.put(VolumeAnnotations.SELECTED_NODE, node.metadata().name());
      PersistentVolumeClaim chosen =
          claim.withMetadata(claim.metadata().toBuilder().annotations(annotations).build());
      volumes.assume(chosen);
      provisions.add(chosen);
    }
    return new VolumePlan(pairs, provisions);
  }

  private static PersistentVolume pointing(PersistentVolume volume, PersistentVolumeClaim claim) {
    Map<String, String> annotations = new LinkedHashMap<>(volume.metadata().annotations());
    if (!VolumeClaims.pointsTo(volume, claim)) {
      annotations.put(VolumeAnnotations.BOUND_BY_CONTROLLER, "yes");
    }
    return volume
        .withMetadata(volume.metadata().toBuilder().annotations(annotations).build())
        .withSpec(volume.spec().toBuilder().claimRef(VolumeClaims.reference(claim)).build());
  }

  /**
   * Writes a plan and waits until all its claims are bound.
   *
   * @throws VolumeBindingException if that fails or takes too long; the message is for the user
   */
  public void bind(VolumePlan plan) throws VolumeBindingException, InterruptedException {
    List<PersistentVolumeClaim> waiting = new ArrayList<>();
    for (VolumePlan.Pair pair : plan.bindings()) {
      var unused = volumeClient.update(pair.volume());
      waiting.add(pair.claim());
    }
    for (PersistentVolumeClaim claim : plan.provisions()) {
      PersistentVolumeClaim shown = volumes.shown(claim);
      boolean written =
          shown != null
              && shown.metadata().annotations().containsKey(VolumeAnnotations.SELECTED_NODE);
      waiting.add(written ? shown : claimClient.update(claim));
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!waiting.isEmpty()) {
      List<PersistentVolumeClaim> still = new ArrayList<>();
      for (PersistentVolumeClaim claim : waiting) {
        if (!boundNow(claim)) {
          still.add(claim);
        }
      }
      waiting = still;
      if (waiting.isEmpty()) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new VolumeBindingException("timed out waiting for the condition");
      }
      volumes.awaitChange();
    }
  }

  private boolean boundNow(PersistentVolumeClaim claim) throws VolumeBindingException {
    PersistentVolumeClaim shown = volumes.shown(claim);
    if (shown == null) {
      throw new VolumeBindingException("pvc \"%s\" not found".formatted(claim.metadata().name()));
    }
    if (VolumeClaims.bound(shown)) {
      return true;
    }
    // A provisioner that cannot serve the node takes the choice back.
    boolean chosen = claim.metadata().annotations().containsKey(VolumeAnnotations.SELECTED_NODE);
    boolean current =
        Long.parseLong(shown.metadata().resourceVersion())
            >= Long.parseLong(claim.metadata().resourceVersion());
    if (chosen
        && current
        && !shown.metadata().annotations().containsKey(VolumeAnnotations.SELECTED_NODE)) {
      throw new VolumeBindingException(
          "provisioning failed for PVC \"%s\"".formatted(claim.metadata().name()));
    }
    return false;
  }

  /** Gives up what was reserved, or forgets it because everybody can see it now. */
  public void release(VolumePlan plan) {
    plan.bindings().forEach(pair -> volumes.forget(pair.volume()));
    plan.provisions().forEach(volumes::forget);
  }
}
