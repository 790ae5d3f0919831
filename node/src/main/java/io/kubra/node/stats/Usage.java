package io.kubra.node.stats;

import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.runtime.Labels;
import io.kubra.node.system.HostFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What everything on the node had used at one moment.
 *
 * @param nodeCpuNanos cpu time since boot
 * @param nodeMemory bytes that cannot be reclaimed
 * @param pods the pods with running containers
 */
record Usage(Instant time, long nodeCpuNanos, long nodeMemory, List<OfPod> pods) {
  private static final long NANOS_PER_TICK = 10_000_000;

  /** One pod. */
  record OfPod(String namespace, String name, String uid, List<OfContainer> containers) {
    long cpuNanos() {
      return containers.stream().mapToLong(OfContainer::cpuNanos).sum();
    }

    long workingSet() {
      return containers.stream().mapToLong(OfContainer::workingSet).sum();
    }
  }

  /**
   * One container.
   *
   * @param cpuNanos cpu time since its start
   * @param workingSet bytes of memory that cannot be reclaimed
   */
  record OfContainer(
      String id,
      String name,
      Instant time,
      Instant started,
      long cpuNanos,
      long workingSet,
      long memory,
      long rss,
      long diskUsed) {}

  static Usage read(CriClient cri) throws IOException {
    Map<String, Cri.Container> containers = new LinkedHashMap<>();
    for (Cri.Container c : cri.containers(Map.of())) {
      if (c.getState() == Cri.ContainerState.CONTAINER_RUNNING) {
        containers.put(c.getId(), c);
      }
    }
    Map<String, OfPod> pods = new LinkedHashMap<>();
    for (Cri.ContainerStats stats : cri.containerStats()) {
      Cri.Container container = containers.get(stats.getAttributes().getId());
      if (container == null) {
        continue;
      }
      Map<String, String> labels = container.getLabelsMap();
      String uid = labels.getOrDefault(Labels.POD_UID, "");
      pods.computeIfAbsent(
              uid,
              u ->
                  new OfPod(
                      labels.getOrDefault(Labels.POD_NAMESPACE, ""),
                      labels.getOrDefault(Labels.POD_NAME, ""),
                      uid,
                      new ArrayList<>()))
          .containers
          .add(container(container, stats));
    }
    long memory = HostFacts.memory("MemTotal") - HostFacts.memory("MemAvailable");
    return new Usage(Instant.now(), nodeCpu(), memory, List.copyOf(pods.values()));
  }

  private static OfContainer container(Cri.Container container, Cri.ContainerStats stats) {
    Cri.MemoryUsage memory = stats.getMemory();
    long used =
        memory.getUsageBytes().getValue() > 0
            ? memory.getUsageBytes().getValue()
            : memory.getWorkingSetBytes().getValue();
    return new OfContainer(
        container.getId(),
        container.getMetadata().getName(),
        Instant.ofEpochSecond(0, stats.getCpu().getTimestamp()),
        Instant.ofEpochSecond(0, container.getCreatedAt()),
        stats.getCpu().getUsageCoreNanoSeconds().getValue(),
        memory.getWorkingSetBytes().getValue(),
        used,
        memory.getRssBytes().getValue(),
        stats.getWritableLayer().getUsedBytes().getValue());
  }

  /** All ticks of all cores except the idle ones. */
  private static long nodeCpu() throws IOException {
    String[] words = Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split("\\s+");
    long busy = 0;
    for (int i = 1; i < words.length && i <= 8; i++) {
      boolean idle = i == 4 || i == 5;
      busy += idle ? 0 : Long.parseLong(words[i]);
    }
    return busy * NANOS_PER_TICK;
  }
}
