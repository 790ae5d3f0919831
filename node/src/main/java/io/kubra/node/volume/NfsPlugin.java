package io.kubra.node.volume;

import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Volume;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** An NFS share that the pod names itself. */
final class NfsPlugin implements VolumePlugin {
  private final NfsMounts mounts;

  NfsPlugin(NfsMounts mounts) {
    this.mounts = mounts;
  }

  @Override
  public boolean handles(Volume volume) {
    return volume.nfs() != null;
  }

  @Override
  public MountedVolume mount(Pod pod, Volume volume) throws VolumeException, IOException {
    return mounts.mount(
        pod.metadata().uid(),
        volume.name(),
        Objects.requireNonNull(volume.nfs()),
        List.of(),
        false);
  }
}
