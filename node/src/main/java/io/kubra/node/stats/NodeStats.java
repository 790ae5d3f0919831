package io.kubra.node.stats;

import io.kubra.api.json.Json;
import io.kubra.metrics.MetricText;
import io.kubra.node.cgroup.CgroupHierarchies;
import io.kubra.node.cgroup.CgroupReader;
import io.kubra.node.cgroup.PodCgroups;
import io.kubra.node.cri.CriClient;
import io.kubra.node.volume.ClaimVolume;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about usage in the forms that monitoring reads. Everything is read when it is
 * asked for; nothing is sampled in between. Safe for many threads.
 */
public final class NodeStats {
  private static final Duration RATE_OVER = Duration.ofSeconds(1);

  private final UsageReader reader;
  private final String node;
  private final Path disk;
  private final Supplier<List<ClaimVolume>> volumes;
  private final Instant started = Instant.now();
  private @Nullable Usage earlier;
  private @Nullable Usage latest;

  /**
   * Statistics of this node.
   *
   * @param pods where the pods' control groups are
   * @param disk a folder on the file system that pods write to
   * @param volumes tells the claims' volumes that pods have in place
   */
  public NodeStats(
      CriClient cri,
      CgroupHierarchies hierarchies,
      PodCgroups pods,
      String node,
      Path disk,
      Supplier<List<ClaimVolume>> volumes) {
    this.reader = new UsageReader(cri, CgroupReader.of(hierarchies), pods);
    this.node = node;
    this.disk = disk;
    this.volumes = volumes;
  }

  /** The statistics summary as JSON; rates are those since the reading before. */
  public byte[] summary() {
    Usage now = reader.read(true);
    return Json.write(
        StatsSummary.of(now, base(now), node, started, DiskSpace.of(disk), volumes.get()));
  }

  /** The last reading that is old enough to take a rate from. */
  private synchronized @Nullable Usage base(Usage now) {
    Usage last = latest;
    if (last == null || Duration.between(last.time(), now.time()).compareTo(RATE_OVER) >= 0) {
      earlier = last;
      latest = now;
    }
    return earlier;
  }

  /** What the resource metrics pipeline reads: cpu and memory of containers, pods and node. */
  public byte[] resource() {
    MetricText out = new MetricText();
    ResourceMetrics.write(reader.read(false), out);
    return out.bytes();
  }

  /** The metrics of containers that cAdvisor is known for. */
  public byte[] cadvisor() {
    MetricText out = new MetricText();
    CadvisorMetrics.write(reader.read(true), reader.tiers(), DiskSpace.of(disk), out);
    MachineMetrics.write(out);
    return out.bytes();
  }

  /** What runs on the node. */
  public Running running() {
    return reader.running();
  }

  /**
   * What runs on the node.
   *
   * @param pods how many pods have a sandbox that lives
   * @param containers how many containers the runtime has in each state
   */
  public record Running(int pods, Map<String, Integer> containers) {}
}
