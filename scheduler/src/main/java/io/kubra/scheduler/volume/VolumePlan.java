package io.kubra.scheduler.volume;

import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import java.util.List;

/**
 * What happens to a pod's open claims when it goes to a certain node.
 *
 * @param bindings claims that get a volume that exists
 * @param provisions claims for which a volume is made
 */
public record VolumePlan(List<Pair> bindings, List<PersistentVolumeClaim> provisions) {
  /** Nothing to do. */
  public static final VolumePlan NONE = new VolumePlan(List.of(), List.of());

  /** A claim with the volume chosen for it. */
  public record Pair(PersistentVolume volume, PersistentVolumeClaim claim) {}

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return bindings.isEmpty() && provisions.isEmpty();
  }
}
