package io.kubra.scheduler.plugin;

import io.kubra.client.volume.VolumeClaims;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.framework.FilterPlugin;
import io.kubra.scheduler.volume.VolumeReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps pods in the zones and regions that the labels of their volumes name. */
final class VolumeZone implements FilterPlugin {
  private static final List<String> LABELS =
      List.of(
          "topology.kubernetes.io/zone",
          "topology.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region");
  private static final List<String> ELSEWHERE = List.of("node(s) had no available volume zone");

  private final VolumeReader reader;

  VolumeZone(VolumeReader reader) {
    this.reader = reader;
  }

  @Override
  public String name() {
    return "VolumeZone";
  }

  @Override
  public Filter prepare(Pod pod, List<NodeState> nodes) {
    Map<String, Set<String>> wanted = new LinkedHashMap<>();
    for (String key : VolumeClaims.keysOf(pod)) {
      String namespace = pod.metadata().namespace();
      PersistentVolumeClaim claim = reader.claim(namespace, key.substring(namespace.length() + 1));
      PersistentVolume volume =
          claim == null ? null : reader.volume(VolumeClaims.volumeName(claim));
      if (volume != null) {
        for (String label : LABELS) {
          String value = volume.metadata().labels().get(label);
          if (value != null) {
            wanted.merge(label, Set.of(value.split("__")), VolumeZone::common);
          }
        }
      }
    }
    if (wanted.isEmpty()) {
      return Filter.ACCEPT;
    }
    return node -> {
      for (Map.Entry<String, Set<String>> e : wanted.entrySet()) {
        String value = node.label(e.getKey());
        if (value == null || !e.getValue().contains(value)) {
          return ELSEWHERE;
        }
      }
      return List.of();
    };
  }

  private static Set<String> common(Set<String> one, Set<String> other) {
    Set<String> both = new java.util.HashSet<>(one);
    both.retainAll(other);
    return both;
  }
}
