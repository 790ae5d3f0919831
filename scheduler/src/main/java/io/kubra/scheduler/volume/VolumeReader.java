package io.kubra.scheduler.volume;

import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.storage.v1.CSIDriver;
import io.kubra.model.storage.v1.CSIStorageCapacity;
import io.kubra.model.storage.v1.StorageClass;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers the questions that plugins have about volumes; none of the calls block. */
public interface VolumeReader {
  /** A claim, or null. */
  @Nullable PersistentVolumeClaim claim(String namespace, String name);

  /** A volume, or null. */
  @Nullable PersistentVolume volume(String name);

  /** All volumes. */
  List<PersistentVolume> volumes();

  /** A class, or null. */
  @Nullable StorageClass storageClass(String name);

  /** A driver, or null. */
  @Nullable CSIDriver driver(String name);

  /** What drivers say they have left. */
  List<CSIStorageCapacity> capacities();
}
