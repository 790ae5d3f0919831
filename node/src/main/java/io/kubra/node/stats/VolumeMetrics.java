package io.kubra.node.stats;

import io.kubra.metrics.MetricSource;
import io.kubra.metrics.MetricText;
import io.kubra.metrics.MetricType;
import io.kubra.node.volume.ClaimVolume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** The space of claims' volumes, under the kubelet's names: that of the file system they lie on. */
public final class VolumeMetrics implements MetricSource {
  private final Supplier<List<ClaimVolume>> volumes;

  /** Metrics of the volumes that are in place when they are asked for. */
  public VolumeMetrics(Supplier<List<ClaimVolume>> volumes) {
    this.volumes = volumes;
  }

  @Override
  public void write(MetricText out) {
    Map<String, ClaimVolume> claims = new LinkedHashMap<>();
    volumes.get().forEach(v -> claims.put(v.namespace() + "/" + v.claim(), v));
    if (claims.isEmpty()) {
      return;
    }
    Map<ClaimVolume, DiskSpace> spaces = new LinkedHashMap<>();
    claims.values().forEach(v -> spaces.put(v, DiskSpace.of(v.path())));
    family(
        out,
        spaces,
        "available_bytes",
        "Number of available bytes in the volume",
        DiskSpace::available);
    family(out, spaces, "capacity_bytes", "Capacity in bytes of the volume", DiskSpace::capacity);
    family(out, spaces, "used_bytes", "Number of used bytes in the volume", DiskSpace::used);
    family(out, spaces, "inodes", "Maximum number of inodes in the volume", DiskSpace::inodes);
    family(
        out, spaces, "inodes_free", "Number of free inodes in the volume", DiskSpace::inodesFree);
    family(
        out,
        spaces,
        "inodes_used",
        "Number of used inodes in the volume",
        s -> s.inodes() - s.inodesFree());
  }

  private static void family(
      MetricText out,
      Map<ClaimVolume, DiskSpace> spaces,
      String name,
      String help,
      ToLongFunction<DiskSpace> value) {
    out.family("kubelet_volume_stats_" + name, MetricType.GAUGE, help);
    spaces.forEach(
        (volume, space) ->
            out.sample(
                value.applyAsLong(space),
                "namespace",
                volume.namespace(),
                "persistentvolumeclaim",
                volume.claim()));
  }
}
