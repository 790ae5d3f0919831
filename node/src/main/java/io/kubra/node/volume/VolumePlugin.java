package io.kubra.node.volume;

import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Volume;
import java.io.IOException;

/** One kind of volume. */
interface VolumePlugin {
  /** Whether a volume is of this kind. */
  boolean handles(Volume volume);

  /**
   * Puts a volume into place, or brings the one in place up to date. Called again and again while
   * the pod lives.
   *
   * @throws VolumeException if it cannot be done now
   */
  MountedVolume mount(Pod pod, Volume volume) throws VolumeException, IOException;
}
