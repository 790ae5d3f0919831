package io.kubra.controllers.volumeprotection;

import io.kubra.client.ResourceClient;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.volume.VolumeAnnotations;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.model.core.v1.PersistentVolume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lets deleted volumes go once they are not bound. */
public final class VolumeProtectionController implements AutoCloseable {
  private static final String ACCOUNT = "pv-protection-controller";

  private final SharedInformer<PersistentVolume> volumes;
  private final ResourceClient<PersistentVolume> client;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public VolumeProtectionController(ControllerContext context) {
    this.volumes = context.informers().informer(PersistentVolume.RESOURCE);
    this.client = context.client(ACCOUNT).resource(PersistentVolume.RESOURCE);
    this.controller = context.controller("pvprotection", 1, this::reconcile).watch(volumes).start();
  }

  private Duration reconcile(String key) {
    PersistentVolume volume = volumes.getByKey(key);
    if (volume != null
        && volume.metadata().deletionTimestamp() != null
        && !"Bound".equals(volume.status().phase())) {
      List<String> finalizers = new ArrayList<>(volume.metadata().finalizers());
      if (finalizers.remove(VolumeAnnotations.VOLUME_PROTECTION)) {
        client.update(
            volume.withMetadata(volume.metadata().toBuilder().finalizers(finalizers).build()));
      }
    }
    return Duration.ZERO;
  }

  @Override
  public void close() {
    controller.close();
  }
}
