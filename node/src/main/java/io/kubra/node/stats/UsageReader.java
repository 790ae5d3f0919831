package io.kubra.node.stats;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.tree.Trees;
import io.kubra.node.cgroup.CgroupReader;
import io.kubra.node.cgroup.CgroupUsage;
import io.kubra.node.cgroup.PodCgroups;
import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.runtime.Labels;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what pods and node use: whose it is from the runtime, how much from the control groups. The
 * runtime's own figures stand in where a container has no group with a process in it, as in
 * sandboxes that are virtual machines.
 */
final class UsageReader {
  private final CriClient cri;
  private final CgroupReader groups;
  private final PodCgroups pods;
  private final String machine;
  private @Nullable String sandboxImage;
  private Map<String, String> imageNames = Map.of();

  UsageReader(CriClient cri, CgroupReader groups, PodCgroups pods) {
    this.cri = cri;
    this.groups = groups;
    this.pods = pods;
    int slash = pods.root().lastIndexOf('/');
    this.machine = slash <= 0 ? "/" : pods.root().substring(0, slash);
  }

  /** A group's path as seen from the machine's root. */
  private String id(String group) {
    return machine.equals("/") ? group : group.substring(machine.length());
  }

  /**
   * Reads everything.
   *
   * @param disks whether to ask the runtime what containers wrote
   */
  Usage read(boolean disks) {
    Map<String, List<Cri.Container>> running = new HashMap<>();
    for (Cri.Container c : cri.containers(Map.of())) {
      if (c.getState() == Cri.ContainerState.CONTAINER_RUNNING) {
        running.computeIfAbsent(c.getPodSandboxId(), s -> new ArrayList<>()).add(c);
      }
    }
    Map<String, String> paths = pods.paths(groups);
    RuntimeFigures figures = new RuntimeFigures(disks);
    List<Usage.OfPod> found = new ArrayList<>();
    for (Cri.PodSandbox sandbox : cri.podSandboxes(Map.of())) {
      String uid = sandbox.getLabelsOrDefault(Labels.POD_UID, "");
      if (sandbox.getState() == Cri.PodSandboxState.SANDBOX_READY && !uid.isEmpty()) {
        found.add(
            pod(
                sandbox,
                uid,
                paths.get(uid),
                running.getOrDefault(sandbox.getId(), List.of()),
                figures));
      }
    }
    return new Usage(Instant.now(), groups.read(machine), NetworkInterface.of("self"), found);
  }

  /** What runs on the node. */
  NodeStats.Running running() {
    long sandboxes =
        cri.podSandboxes(Map.of()).stream()
            .filter(s -> s.getState() == Cri.PodSandboxState.SANDBOX_READY)
            .count();
    Map<String, Integer> containers = new TreeMap<>();
    for (Cri.Container c : cri.containers(Map.of())) {
      containers.merge(state(c.getState()), 1, Integer::sum);
    }
    return new NodeStats.Running(Math.toIntExact(sandboxes), containers);
  }

  private static String state(Cri.ContainerState state) {
    return switch (state) {
      case CONTAINER_CREATED -> "created";
      case CONTAINER_RUNNING -> "running";
      case CONTAINER_EXITED -> "exited";
      case CONTAINER_UNKNOWN, UNRECOGNIZED -> "unknown";
    };
  }

  /** What the classes of pods used together, by their groups' ids. */
  Map<String, CgroupUsage> tiers() {
    Map<String, CgroupUsage> tiers = new HashMap<>();
    for (String tier : pods.tiers()) {
      if (groups.exists(tier)) {
        tiers.put(id(tier), groups.read(tier));
      }
    }
    return tiers;
  }

  private Usage.OfPod pod(
      Cri.PodSandbox sandbox,
      String uid,
      @Nullable String path,
      List<Cri.Container> containers,
      RuntimeFigures figures) {
    String group = path == null ? "" : path + "/" + sandbox.getId();
    OptionalLong process = path == null ? OptionalLong.empty() : groups.process(group);
    Instant started = Instant.ofEpochSecond(0, sandbox.getCreatedAt());
    Usage.OfContainer own =
        new Usage.OfContainer(
            sandbox.getId(),
            "",
            sandboxImage(),
            started,
            id(group),
            path == null ? RuntimeFigures.NOTHING : groups.read(group),
            CgroupUsage.UNKNOWN,
            CgroupUsage.UNKNOWN);
    List<Usage.OfContainer> all = new ArrayList<>();
    for (Cri.Container c : containers) {
      all.add(container(c, path, figures));
    }
    return new Usage.OfPod(
        sandbox.getLabelsOrDefault(Labels.POD_NAMESPACE, ""),
        sandbox.getLabelsOrDefault(Labels.POD_NAME, ""),
        uid,
        started,
        path == null ? "" : id(path),
        path == null ? null : groups.read(path),
        process.isPresent() ? ownNetwork(process.getAsLong()) : List.of(),
        own,
        all);
  }

  /** The interfaces of a process's network, unless it is the node's own. */
  private static List<NetworkInterface> ownNetwork(long process) {
    return Namespaces.sameNetwork(process) ? List.of() : NetworkInterface.of("" + process);
  }

  private Usage.OfContainer container(
      Cri.Container c, @Nullable String path, RuntimeFigures figures) {
    String group = path == null ? "" : path + "/" + c.getId();
    boolean counted = path != null && groups.process(group).isPresent();
    Cri.@Nullable ContainerStats stats = figures.of(c.getId(), counted);
    return new Usage.OfContainer(
        c.getId(),
        c.getMetadata().getName(),
        imageName(c),
        Instant.ofEpochSecond(0, c.getCreatedAt()),
        path == null ? "/" + c.getId() : id(group),
        counted ? groups.read(group) : RuntimeFigures.usage(stats),
        stats == null ? CgroupUsage.UNKNOWN : stats.getWritableLayer().getUsedBytes().getValue(),
        stats == null ? CgroupUsage.UNKNOWN : stats.getWritableLayer().getInodesUsed().getValue());
  }

  /** The name under which the image was asked for, as far as it is known. */
  private String imageName(Cri.Container c) {
    String asked = c.getImage().getUserSpecifiedImage();
    if (!asked.isEmpty()) {
      return asked;
    }
    String image = c.getImage().getImage();
    if (!image.startsWith("sha256:")) {
      return image;
    }
    String known = imageNames.get(image);
    if (known == null) {
      Map<String, String> names = new HashMap<>();
      for (Cri.Image i : cri.images()) {
        if (i.getRepoTagsCount() > 0) {
          names.put(i.getId(), i.getRepoTags(0));
        } else if (i.getRepoDigestsCount() > 0) {
          names.put(i.getId(), i.getRepoDigests(0));
        }
      }
      names.putIfAbsent(image, image);
      imageNames = names;
      known = names.getOrDefault(image, image);
    }
    return known;
  }

  /** The image that sandboxes are made of, which the runtime tells only with its configuration. */
  private String sandboxImage() {
    String known = sandboxImage;
    if (known == null) {
      String config = cri.verboseStatus().getInfoOrDefault("config", "{}");
      try {
        known =
            Trees.stringOr(
                Json.parseObject(config.getBytes(StandardCharsets.UTF_8)), "", "sandboxImage");
      } catch (JsonSyntaxException e) {
        known = "";
      }
      sandboxImage = known;
    }
    return known;
  }

  /** The runtime's own figures, asked for once and only if they are needed. */
  private final class RuntimeFigures {
    private static final CgroupUsage.Cpu NO_CPU =
        new CgroupUsage.Cpu(-1, -1, -1, -1, -1, -1, -1, -1, -1);
    private static final CgroupUsage.Processes NO_PROCESSES = new CgroupUsage.Processes(-1, -1, -1);

    /** What is used by something of which nothing is known. */
    static final CgroupUsage NOTHING =
        new CgroupUsage(
            CgroupUsage.UNKNOWN,
            NO_CPU,
            new CgroupUsage.Memory(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1),
            NO_PROCESSES,
            List.of());

    private final boolean disks;
    private @Nullable Map<String, Cri.ContainerStats> byId;

    RuntimeFigures(boolean disks) {
      this.disks = disks;
    }

    Cri.@Nullable ContainerStats of(String id, boolean counted) {
      if (counted && !disks) {
        return null;
      }
      Map<String, Cri.ContainerStats> known = byId;
      if (known == null) {
        known = new HashMap<>();
        for (Cri.ContainerStats stats : cri.containerStats()) {
          known.put(stats.getAttributes().getId(), stats);
        }
        byId = known;
      }
      return known.get(id);
    }

    static CgroupUsage usage(Cri.@Nullable ContainerStats stats) {
      if (stats == null) {
        return NOTHING;
      }
      long workingSet = stats.getMemory().getWorkingSetBytes().getValue();
      long used = Math.max(workingSet, stats.getMemory().getUsageBytes().getValue());
      return new CgroupUsage(
          CgroupUsage.UNKNOWN,
          new CgroupUsage.Cpu(
              stats.getCpu().getUsageCoreNanoSeconds().getValue(), -1, -1, -1, -1, -1, -1, -1, -1),
          new CgroupUsage.Memory(
              used,
              -1,
              -1,
              -1,
              -1,
              -1,
              stats.getMemory().getRssBytes().getValue(),
              -1,
              -1,
              -1,
              used - workingSet,
              stats.getMemory().getPageFaults().getValue(),
              stats.getMemory().getMajorPageFaults().getValue(),
              -1),
          NO_PROCESSES,
          List.of());
    }
  }
}
