package io.kubra.controllers.volume;

import io.kubra.client.ApiClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.storage.v1.StorageClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Binds claims and volumes to each other, calls for provisioners, and gives volumes back by their
 * reclaim policies.
 */
public final class PersistentVolumeController implements AutoCloseable {
  private static final String ACCOUNT = "persistent-volume-binder";
  private static final String CLAIM = "claim:";
  private static final String VOLUME = "volume:";
  private static final int WORKERS = 4;

  private final VolumeObjects objects;
  private final ClaimSync claimSync;
  private final VolumeSync volumeSync;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public PersistentVolumeController(ControllerContext context) {
    ApiClient client = context.client(ACCOUNT);
    EventRecorder events = context.recorder(ACCOUNT, "persistentvolume-controller");
    Binding binding = new Binding(client, context.clock());
    this.objects = new VolumeObjects(context);
    this.controller = context.controller("volumes", WORKERS, this::reconcile);
    this.claimSync =
        new ClaimSync(objects, binding, events, client.resource(PersistentVolume.RESOURCE));
    this.volumeSync =
        new VolumeSync(
            objects,
            binding,
            events,
            client.resource(PersistentVolumeClaim.RESOURCE),
            key -> controller.enqueue(CLAIM + key));
    controller
        .watch(objects.claims, this::touchedBy)
        .watch(objects.volumes, this::touchedBy)
        .watch(objects.classes, this::touchedBy)
        .needs(objects.pods)
        .start();
  }

  private List<String> touchedBy(PersistentVolumeClaim claim) {
    List<String> keys = new ArrayList<>(List.of(CLAIM + claim.key()));
    String named = VolumeClaims.volumeName(claim);
    if (!named.isEmpty()) {
      keys.add(VOLUME + named);
    }
    objects.volumesFor(claim.key()).forEach(v -> keys.add(VOLUME + v.key()));
    return keys;
  }

  private List<String> touchedBy(PersistentVolume volume) {
    List<String> keys = new ArrayList<>(List.of(VOLUME + volume.key()));
    VolumeObjects.claimKeys(volume).forEach(k -> keys.add(CLAIM + k));
    if (volume.spec().claimRef() == null && "Available".equals(volume.status().phase())) {
      objects.unbound(VolumeClaims.className(volume)).forEach(c -> keys.add(CLAIM + c.key()));
    }
    return keys;
  }

  private List<String> touchedBy(StorageClass storageClass) {
    List<String> keys = new ArrayList<>();
    objects.unbound(storageClass.metadata().name()).forEach(c -> keys.add(CLAIM + c.key()));
    if (VolumeClaims.isDefault(storageClass)) {
      objects.unbound("").forEach(c -> keys.add(CLAIM + c.key()));
    }
    return keys;
  }

  private Duration reconcile(String key) {
    if (key.startsWith(CLAIM)) {
      PersistentVolumeClaim claim = objects.claims.getByKey(key.substring(CLAIM.length()));
      if (claim != null) {
        claimSync.sync(claim);
      }
    } else {
      PersistentVolume volume = objects.volumes.getByKey(key.substring(VOLUME.length()));
      if (volume != null) {
        volumeSync.sync(volume);
      }
    }
    return Duration.ZERO;
  }

  @Override
  public void close() {
    controller.close();
  }
}
