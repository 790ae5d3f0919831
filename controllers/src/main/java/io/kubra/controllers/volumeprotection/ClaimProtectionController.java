package io.kubra.controllers.volumeprotection;

import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.client.ResourceClient;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.volume.VolumeAnnotations;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Volume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Lets deleted claims go once no pod on a node uses them. Pods without a node do not count: no node
 * starts a pod whose claim is being deleted.
 */
public final class ClaimProtectionController implements AutoCloseable {
  private static final String ACCOUNT = "pvc-protection-controller";

  private final SharedInformer<PersistentVolumeClaim> claims;
  private final SharedInformer<Pod> pods;
  private final ResourceClient<PersistentVolumeClaim> claimClient;
  private final ResourceClient<Pod> podClient;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public ClaimProtectionController(ControllerContext context) {
    ApiClient client = context.client(ACCOUNT);
    this.claims = context.informers().informer(PersistentVolumeClaim.RESOURCE);
    this.pods = context.informers().informer(Pod.RESOURCE);
    this.claimClient = client.resource(PersistentVolumeClaim.RESOURCE);
    this.podClient = client.resource(Pod.RESOURCE);
    this.controller =
        context
            .controller("pvcprotection", 2, this::reconcile)
            .watch(claims, ClaimProtectionController::keysOf)
            .watch(pods, VolumeClaims::keysOf)
            .start();
  }

  private static List<String> keysOf(PersistentVolumeClaim claim) {
    return claim.metadata().deletionTimestamp() == null ? List.of() : List.of(claim.key());
  }

  private Duration reconcile(String key) {
    PersistentVolumeClaim claim = claims.getByKey(key);
    if (claim == null || claim.metadata().deletionTimestamp() == null) {
      return Duration.ZERO;
    }
    List<String> finalizers = new ArrayList<>(claim.metadata().finalizers());
    String namespace = claim.metadata().namespace();
    // The local copy may lag behind; only the API server's answer lets a claim go.
    if (finalizers.remove(VolumeAnnotations.CLAIM_PROTECTION)
        && pods.list(namespace).stream().noneMatch(pod -> uses(pod, claim))
        && podClient.list(namespace, ListOptions.ALL).items().stream()
            .noneMatch(pod -> uses(pod, claim))) {
      claimClient.update(
          claim.withMetadata(claim.metadata().toBuilder().finalizers(finalizers).build()));
    }
    return Duration.ZERO;
  }

  private static boolean uses(Pod pod, PersistentVolumeClaim claim) {
    if (Objects.requireNonNullElse(pod.spec().nodeName(), "").isEmpty()) {
      return false;
    }
    for (Volume volume : pod.spec().volumes()) {
      if (claim.metadata().name().equals(VolumeClaims.nameOf(pod, volume))) {
        return volume.ephemeral() == null
            || (VolumeClaims.belongsTo(claim, pod)
                && !(Pods.terminating(pod) && Pods.finished(pod)));
      }
    }
    return false;
  }

  @Override
  public void close() {
    controller.close();
  }
}
