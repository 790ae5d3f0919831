package io.kubra.node.stats;

import io.kubra.node.cgroup.CgroupUsage;
import io.kubra.node.system.HostFacts;
import io.kubra.node.volume.ClaimVolume;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kubelet's statistics summary. Rates are those between two readings. */
final class StatsSummary {
  private final Usage now;
  private final List<ClaimVolume> volumes;
  private final long nanos;
  private final Map<String, Long> before = new HashMap<>();
  private final @Nullable Usage base;

  private StatsSummary(Usage now, @Nullable Usage base, List<ClaimVolume> volumes) {
    this.now = now;
    this.volumes = volumes;
    this.base = base;
    this.nanos = base == null ? 0 : Duration.between(base.time(), now.time()).toNanos();
    if (base != null) {
      for (Usage.OfPod pod : base.pods()) {
        before.put(pod.uid(), pod.cpuNanos());
        pod.containers().forEach(c -> before.put(c.id(), c.usage().cpu().total()));
      }
    }
  }

  /**
   * The summary.
   *
   * @param base an earlier reading, null if there is none
   * @param started when the node's agent started
   */
  static Map<String, Object> of(
      Usage now,
      @Nullable Usage base,
      String node,
      Instant started,
      DiskSpace disk,
      List<ClaimVolume> volumes) {
    return new StatsSummary(now, base, volumes).tree(node, started, disk);
  }

  private Map<String, Object> tree(String node, Instant started, DiskSpace disk) {
    Map<String, Object> nodeTree = new LinkedHashMap<>();
    nodeTree.put("nodeName", node);
    nodeTree.put("startTime", time(started));
    long cpu = now.node().cpu().total();
    nodeTree.put("cpu", cpu(cpu, base == null ? cpu : base.node().cpu().total()));
    Map<String, Object> memory = memory(now.node().memory());
    memory.put("availableBytes", HostFacts.memory("MemAvailable"));
    nodeTree.put("memory", memory);
    nodeTree.put("network", network(now.network()));
    nodeTree.put("fs", disk(disk));
    nodeTree.put("runtime", Map.of("imageFs", disk(disk), "containerFs", disk(disk)));
    nodeTree.put(
        "rlimit",
        tree(
            "time", time(now.time()), "maxpid", HostFacts.mostPids(), "curproc", HostFacts.pids()));
    List<Object> pods = new ArrayList<>();
    now.pods().forEach(pod -> pods.add(pod(pod)));
    return tree("node", nodeTree, "pods", pods);
  }

  private Map<String, Object> pod(Usage.OfPod pod) {
    List<Object> containers = new ArrayList<>();
    long disk = 0;
    for (Usage.OfContainer c : pod.containers()) {
      long total = c.usage().cpu().total();
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("name", c.name());
      tree.put("startTime", time(c.started()));
      tree.put("cpu", cpu(total, before.getOrDefault(c.id(), total)));
      tree.put("memory", memory(c.usage().memory()));
      if (c.diskBytes() >= 0) {
        disk += c.diskBytes();
        tree.put(
            "rootfs",
            tree(
                "time", time(now.time()),
                "usedBytes", c.diskBytes(),
                "inodesUsed", Math.max(0, c.diskInodes())));
      }
      containers.add(tree);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("podRef", tree("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()));
    tree.put("startTime", time(pod.started()));
    tree.put("containers", containers);
    tree.put("cpu", cpu(pod.cpuNanos(), before.getOrDefault(pod.uid(), pod.cpuNanos())));
    CgroupUsage own = pod.own();
    if (own != null) {
      tree.put("memory", memory(own.memory()));
      tree.put("process_stats", tree("process_count", own.processes().processes()));
    } else {
      tree.put("memory", tree("time", time(now.time()), "workingSetBytes", pod.workingSet()));
    }
    if (!pod.network().isEmpty()) {
      tree.put("network", network(pod.network()));
    }
    List<Object> claims = new ArrayList<>();
    for (ClaimVolume volume : volumes) {
      if (volume.podUid().equals(pod.uid())) {
        Map<String, Object> space = disk(DiskSpace.of(volume.path()));
        space.put("name", volume.volume());
        space.put("pvcRef", tree("name", volume.claim(), "namespace", volume.namespace()));
        claims.add(space);
      }
    }
    if (!claims.isEmpty()) {
      tree.put("volume", claims);
    }
    tree.put("ephemeral-storage", tree("time", time(now.time()), "usedBytes", disk));
    return tree;
  }

  private Map<String, Object> cpu(long total, long earlier) {
    long rate = nanos <= 0 ? 0 : (long) (Math.max(0, total - earlier) * 1e9 / nanos);
    return tree(
        "time", time(now.time()), "usageNanoCores", rate, "usageCoreNanoSeconds", known(total));
  }

  private Map<String, Object> memory(CgroupUsage.Memory memory) {
    return tree(
        "time", time(now.time()),
        "usageBytes", known(memory.usage()),
        "workingSetBytes", known(memory.workingSet()),
        "rssBytes", known(memory.rss()),
        "pageFaults", known(memory.pageFaults()),
        "majorPageFaults", known(memory.majorPageFaults()));
  }

  private Map<String, Object> disk(DiskSpace disk) {
    Map<String, Object> tree =
        tree(
            "time", time(now.time()),
            "availableBytes", known(disk.available()),
            "capacityBytes", known(disk.capacity()),
            "usedBytes", known(disk.used()));
    if (disk.inodes() >= 0) {
      tree.put("inodesFree", disk.inodesFree());
      tree.put("inodes", disk.inodes());
      tree.put("inodesUsed", disk.inodes() - disk.inodesFree());
    }
    return tree;
  }

  private Map<String, Object> network(List<NetworkInterface> interfaces) {
    List<Object> all = new ArrayList<>();
    interfaces.forEach(i -> all.add(counts(i)));
    Map<String, Object> tree = tree("time", time(now.time()));
    if (!interfaces.isEmpty()) {
      tree.putAll(counts(interfaces.getFirst()));
    }
    tree.put("interfaces", all);
    return tree;
  }

  private static Map<String, Object> counts(NetworkInterface i) {
    return tree(
        "name", i.name(),
        "rxBytes", i.receivedBytes(),
        "rxErrors", i.receivedErrors(),
        "txBytes", i.sentBytes(),
        "txErrors", i.sentErrors());
  }

  private static long known(long value) {
    return Math.max(0, value);
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static Map<String, Object> tree(Object... namesAndValues) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      tree.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return tree;
  }
}
