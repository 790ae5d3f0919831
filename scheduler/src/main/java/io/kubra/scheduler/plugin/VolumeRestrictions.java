package io.kubra.scheduler.plugin;

import io.kubra.client.volume.VolumeClaims;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.framework.FilterPlugin;
import io.kubra.scheduler.volume.VolumeReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lets one pod at a time use a claim that asks for that. */
final class VolumeRestrictions implements FilterPlugin {
  private static final List<String> IN_USE =
      List.of(
          "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access"
              + " mode");

  private final VolumeReader reader;

  VolumeRestrictions(VolumeReader reader) {
    this.reader = reader;
  }

  @Override
  public String name() {
    return "VolumeRestrictions";
  }

  @Override
  public Filter prepare(Pod pod, List<NodeState> nodes) {
    List<String> exclusive = new ArrayList<>();
    for (String key : VolumeClaims.keysOf(pod)) {
      String namespace = pod.metadata().namespace();
      PersistentVolumeClaim claim = reader.claim(namespace, key.substring(namespace.length() + 1));
      if (claim != null && claim.spec().accessModes().contains("ReadWriteOncePod")) {
        exclusive.add(key);
      }
    }
    if (exclusive.isEmpty()) {
      return Filter.ACCEPT;
    }
    boolean taken =
        nodes.stream()
            .flatMap(n -> n.pods().stream())
            .anyMatch(other -> !Collections.disjoint(exclusive, VolumeClaims.keysOf(other)));
    return taken ? node -> IN_USE : Filter.ACCEPT;
  }
}
