package io.kubra.storage.local;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.volume.LocalVolumes;
import io.kubra.client.volume.VolumeAnnotations;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.PersistentVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Removes one released volume: first the folder on the node, then the object. */
final class LocalReclaim {
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final LocalObjects objects;
  private final ResourceClient<PersistentVolume> volumes;
  private final EventRecorder events;
  private final Map<String, Instant> retries = new ConcurrentHashMap<>();

  LocalReclaim(LocalObjects objects, ApiClient client, EventRecorder events) {
    this.objects = objects;
    this.volumes = client.resource(PersistentVolume.RESOURCE);
    this.events = events;
  }

  /** Does the next step; returns when to try again after a failure. */
  Duration reclaim(PersistentVolume volume) {
    boolean delete = "Delete".equals(volume.spec().persistentVolumeReclaimPolicy());
    boolean going = volume.metadata().deletionTimestamp() != null;
    String phase = volume.status().phase();
    if (!delete) {
      if (volume.metadata().finalizers().contains(VolumeAnnotations.PROVISIONER_FINALIZER)) {
        letGo(volume);
      }
      return Duration.ZERO;
    }
    if (!"Released".equals(phase) && !"Failed".equals(phase)) {
      return Duration.ZERO;
    }
    String name = volume.metadata().name();
    Node node = objects.nodeOf(volume);
    // Data that lay on a node which is no more went with it.
    if (node == null || LocalVolumes.state(node, name).equals(LocalVolumes.DELETED)) {
      PersistentVolume free = letGo(volume);
      if (!going) {
        remove(free);
      }
      if (node != null) {
        objects.ask(node, name, "");
      }
      return Duration.ZERO;
    }
    String state = LocalVolumes.state(node, name);
    if (state.startsWith(LocalVolumes.FAILED)) {
      Instant now = Instant.now();
      Instant due = retries.get(name);
      if (due == null) {
        events.warning(volume, "VolumeFailedDelete", state.substring(LocalVolumes.FAILED.length()));
        due = now.plus(AGAIN);
        retries.put(name, due);
      }
      if (now.isBefore(due)) {
        return Duration.between(now, due);
      }
      retries.remove(name);
    }
    // The local copy may show a volume that this provisioner has just removed.
    if (!state.equals(LocalVolumes.DELETE) && volumes.find("", name).isPresent()) {
      objects.ask(node, name, LocalVolumes.DELETE);
    }
    return Duration.ZERO;
  }

  private PersistentVolume letGo(PersistentVolume volume) {
    List<String> finalizers = new ArrayList<>(volume.metadata().finalizers());
    return finalizers.remove(VolumeAnnotations.PROVISIONER_FINALIZER)
        ? volumes.update(
            volume.withMetadata(volume.metadata().toBuilder().finalizers(finalizers).build()))
        : volume;
  }

  private void remove(PersistentVolume volume) {
    try {
      volumes.delete("", volume.metadata().name());
    } catch (ApiException e) {
      if (e.code() != 404) {
        throw e;
      }
    }
  }
}
