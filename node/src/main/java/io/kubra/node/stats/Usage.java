package io.kubra.node.stats;

import io.kubra.node.cgroup.CgroupUsage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What everything on the node had used at one moment.
 *
 * @param node the whole machine
 * @param network the machine's own interfaces
 * @param pods the pods with a sandbox that lives
 */
record Usage(Instant time, CgroupUsage node, List<NetworkInterface> network, List<OfPod> pods) {
  /**
   * One pod.
   *
   * @param group its control group as seen from the machine's root, or empty if it has none
   * @param own what the group used, its sandbox included; null if it has none
   * @param network its interfaces; none if it uses the node's
   */
  record OfPod(
      String namespace,
      String name,
      String uid,
      Instant started,
      String group,
      @Nullable CgroupUsage own,
      List<NetworkInterface> network,
      OfContainer sandbox,
      List<OfContainer> containers) {
    /** Processor time in nanoseconds. */
    long cpuNanos() {
      return own != null && own.cpu().total() >= 0
          ? own.cpu().total()
          : containers.stream().mapToLong(c -> Math.max(0, c.usage.cpu().total())).sum();
    }

    /** Bytes of memory that cannot be given up. */
    long workingSet() {
      return own != null && own.memory().usage() >= 0
          ? own.memory().workingSet()
          : containers.stream().mapToLong(c -> Math.max(0, c.usage.memory().workingSet())).sum();
    }
  }

  /**
   * One running container.
   *
   * @param group its control group as seen from the machine's root
   * @param diskBytes what it wrote to its own layer, {@link CgroupUsage#UNKNOWN} if not asked for
   */
  record OfContainer(
      String id,
      String name,
      String image,
      Instant started,
      String group,
      CgroupUsage usage,
      long diskBytes,
      long diskInodes) {}
}
