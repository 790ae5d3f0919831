package io.kubra.controllers.volumeexpand;

import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import java.time.Duration;
import java.util.List;

/**
 * Tells users that a claim which asks for more than it has waits for its provisioner. No volume is
 * expanded here: all provisioners are of the external kind.
 */
public final class VolumeExpandController implements AutoCloseable {
  private static final String ACCOUNT = "expand-controller";

  private final SharedInformer<PersistentVolumeClaim> claims;
  private final EventRecorder events;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public VolumeExpandController(ControllerContext context) {
    this.claims = context.informers().informer(PersistentVolumeClaim.RESOURCE);
    this.events = context.recorder(ACCOUNT, "volume_expand");
    this.controller =
        context
            .controller("volume_expand", 1, this::reconcile)
            .watch(claims, c -> wantsMore(c) ? List.of(c.key()) : List.of())
            .start();
  }

  private static boolean wantsMore(PersistentVolumeClaim claim) {
    return "Bound".equals(claim.status().phase())
        && VolumeClaims.requested(claim).compareTo(VolumeClaims.size(claim.status().capacity()))
            > 0;
  }

  private Duration reconcile(String key) {
    PersistentVolumeClaim claim = claims.getByKey(key);
    if (claim != null && wantsMore(claim) && claim.status().conditions().isEmpty()) {
      events.normal(
          claim, "ExternalExpanding", "waiting for an external controller to expand this PVC");
    }
    return Duration.ZERO;
  }

  @Override
  public void close() {
    controller.close();
  }
}
