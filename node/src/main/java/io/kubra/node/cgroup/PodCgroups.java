package io.kubra.node.cgroup;

import io.kubra.model.core.v1.Pod;
import io.kubra.node.resources.Amounts;
import io.kubra.node.resources.KernelLimits;
import io.kubra.node.resources.QosClass;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups {@code <root>/pod<uid>}, {@code <root>/burstable/pod<uid>} and {@code
 * <root>/besteffort/pod<uid>}, with the weights and limits of the pods. Safe for many threads.
 */
public final class PodCgroups {
  private static final Logger LOG = LoggerFactory.getLogger(PodCgroups.class);
  private static final List<String> USED = List.of("cpu", "memory", "pids");

  private final CgroupHierarchies hierarchies;
  private final String root;

  /**
   * Groups below a root.
   *
   * @param root an absolute path within the hierarchies, such as {@code /kubepods}
   */
  public PodCgroups(CgroupHierarchies hierarchies, String root) {
    this.hierarchies = hierarchies;
    this.root = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
  }

  /** The group that is the parent of a pod's containers. */
  public String path(Pod pod) {
    return tier(QosClass.of(pod)) + "/pod" + pod.metadata().uid();
  }

  private String tier(QosClass qos) {
    return switch (qos) {
      case GUARANTEED -> root;
      case BURSTABLE, BEST_EFFORT -> root + "/" + qos.text().toLowerCase(Locale.ROOT);
    };
  }

  /** Makes a pod's group with its weight and limits. */
  public void create(Pod pod) throws IOException {
    String path = path(pod);
    Amounts limits = Amounts.podLimits(pod);
    long shares = KernelLimits.cpuShares(Amounts.podRequests(pod).milliCpu());
    long quota = KernelLimits.cpuQuota(limits.milliCpu());
    if (hierarchies.unified() != null) {
      Path group = createUnified(hierarchies.unified(), path);
      write(group.resolve("cpu.weight"), KernelLimits.cpuWeight(shares));
      write(
          group.resolve("cpu.max"),
          (quota == 0 ? "max" : Long.toString(quota)) + " " + KernelLimits.CPU_PERIOD);
      write(group.resolve("memory.max"), limits.memory() == 0 ? "max" : "" + limits.memory());
      return;
    }
    for (String controller : USED) {
      Path mount = hierarchies.controllers().get(controller);
      if (mount != null) {
        Files.createDirectories(below(mount, path));
      }
    }
    Path cpu = hierarchies.controllers().get("cpu");
    if (cpu != null) {
      write(below(cpu, path).resolve("cpu.shares"), shares);
      if (quota > 0) {
        write(below(cpu, path).resolve("cpu.cfs_period_us"), KernelLimits.CPU_PERIOD);
        write(below(cpu, path).resolve("cpu.cfs_quota_us"), quota);
      }
    }
    Path memory = hierarchies.controllers().get("memory");
    if (memory != null && limits.memory() > 0) {
      write(below(memory, path).resolve("memory.limit_in_bytes"), limits.memory());
    }
  }

  /** Gives the classes their weights: burstable by what its pods request, best effort the least. */
  public void weigh(Collection<Pod> pods) {
    long burstable = 0;
    for (Pod pod : pods) {
      if (QosClass.of(pod) == QosClass.BURSTABLE) {
        burstable += Amounts.podRequests(pod).milliCpu();
      }
    }
    weigh(QosClass.BURSTABLE, KernelLimits.cpuShares(burstable));
    weigh(QosClass.BEST_EFFORT, KernelLimits.cpuShares(0));
  }

  private void weigh(QosClass qos, long shares) {
    try {
      if (hierarchies.unified() != null) {
        Path group = createUnified(hierarchies.unified(), tier(qos));
        write(group.resolve("cpu.weight"), KernelLimits.cpuWeight(shares));
        return;
      }
      Path cpu = hierarchies.controllers().get("cpu");
      if (cpu != null) {
        Path group = Files.createDirectories(below(cpu, tier(qos)));
        write(group.resolve("cpu.shares"), shares);
      }
    } catch (IOException e) {
      LOG.warn("the cgroup of {} pods cannot be weighed: {}", qos.text(), e.toString());
    }
  }

  /** Removes a pod's group, whatever its class, from all hierarchies. */
  public void remove(String uid) throws IOException {
    for (Path mount : mounts()) {
      for (QosClass qos : QosClass.values()) {
        removeTree(below(mount, tier(qos) + "/pod" + uid));
      }
    }
  }

  /** The pods that have a group, by uid. */
  public Set<String> uids() throws IOException {
    Set<String> uids = new LinkedHashSet<>();
    for (Path mount : mounts()) {
      for (QosClass qos : QosClass.values()) {
        Path tier = below(mount, tier(qos));
        if (!Files.isDirectory(tier)) {
          continue;
        }
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(tier, "pod*")) {
          for (Path group : groups) {
            uids.add(String.valueOf(group.getFileName()).substring("pod".length()));
          }
        }
      }
    }
    return uids;
  }

  /** The group below which all pods are. */
  public String root() {
    return root.isEmpty() ? "/" : root;
  }

  /** The groups of the pods that have one, by uid. */
  public Map<String, String> paths(CgroupReader reader) {
    Map<String, String> paths = new LinkedHashMap<>();
    for (QosClass qos : QosClass.values()) {
      for (String child : reader.children(tier(qos))) {
        if (child.startsWith("pod")) {
          paths.put(child.substring("pod".length()), tier(qos) + "/" + child);
        }
      }
    }
    return paths;
  }

  /** The groups of the quality-of-service classes, and the one that has them all first. */
  public List<String> tiers() {
    return List.of(root(), tier(QosClass.BURSTABLE), tier(QosClass.BEST_EFFORT));
  }

  private Set<Path> mounts() {
    Set<Path> mounts = new LinkedHashSet<>(hierarchies.controllers().values());
    if (hierarchies.unified() != null) {
      mounts.add(hierarchies.unified());
    }
    return mounts;
  }

  private static void removeTree(Path group) throws IOException {
    if (!Files.isDirectory(group)) {
      return;
    }
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(group, Files::isDirectory)) {
      entries.forEach(children::add);
    }
    for (Path child : children) {
      removeTree(child);
    }
    try {
      Files.delete(group);
    } catch (NoSuchFileException e) {
      LOG.trace("{} is gone already", group);
    }
  }

  /** Version 2 wants each controller handed down from parent to child. */
  private static Path createUnified(Path mount, String path) throws IOException {
    Path group = mount;
    for (String name : path.split("/")) {
      if (name.isEmpty()) {
        continue;
      }
      Path control = group.resolve("cgroup.subtree_control");
      Set<String> enabled = Set.of(Files.readString(control).strip().split(" "));
      Set<String> available =
          Set.of(Files.readString(group.resolve("cgroup.controllers")).strip().split(" "));
      for (String controller : List.of("cpu", "cpuset", "memory", "pids", "io", "hugetlb")) {
        if (available.contains(controller) && !enabled.contains(controller)) {
          write(control, "+" + controller);
        }
      }
      group = group.resolve(name);
      if (!Files.isDirectory(group)) {
        Files.createDirectories(group);
      }
    }
    return group;
  }

  private static Path below(Path mount, String path) {
    return mount.resolve(path.substring(1));
  }

  private static void write(Path file, long value) throws IOException {
    write(file, Long.toString(value));
  }

  private static void write(Path file, String value) throws IOException {
    Files.writeString(file, value);
  }
}
