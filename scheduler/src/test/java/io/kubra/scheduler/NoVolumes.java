package io.kubra.scheduler;

import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.storage.v1.CSIDriver;
import io.kubra.model.storage.v1.CSIStorageCapacity;
import io.kubra.model.storage.v1.StorageClass;
import io.kubra.scheduler.volume.VolumeReader;
import java.util.List;

/** A cluster without volumes. */
final class NoVolumes implements VolumeReader {
  @Override
  public PersistentVolumeClaim claim(String namespace, String name) {
    return null;
  }

  @Override
  public PersistentVolume volume(String name) {
    return null;
  }

  @Override
  public List<PersistentVolume> volumes() {
    return List.of();
  }

  @Override
  public StorageClass storageClass(String name) {
    return null;
  }

  @Override
  public CSIDriver driver(String name) {
    return null;
  }

  @Override
  public List<CSIStorageCapacity> capacities() {
    return List.of();
  }
}
