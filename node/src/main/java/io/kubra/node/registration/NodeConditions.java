package io.kubra.node.registration;

import io.kubra.model.core.v1.NodeCondition;
import io.kubra.node.runtime.RuntimeHealth;
import io.kubra.node.system.HostFacts;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges how the node is. */
final class NodeConditions {
  private static final Logger LOG = LoggerFactory.getLogger(NodeConditions.class);
  private static final long LEAST_MEMORY = 100L << 20;

  private final RuntimeHealth runtime;
  private final Path disk;

  /**
   * Judges by the runtime and the machine.
   *
   * @param disk a folder on the file system that pods write to
   */
  NodeConditions(RuntimeHealth runtime, Path disk) {
    this.runtime = runtime;
    this.disk = disk;
  }

  /** The conditions now; transitions are dated by comparison with the ones before. */
  List<NodeCondition> now(List<NodeCondition> before, Instant now) {
    boolean memory = HostFacts.memory("MemAvailable") < LEAST_MEMORY;
    boolean pids = HostFacts.pids() > HostFacts.mostPids() / 10 * 9;
    List<String> problems = new ArrayList<>();
    for (String problem : List.of(runtime.runtimeProblem(), runtime.networkProblem())) {
      if (!problem.isEmpty()) {
        problems.add(problem);
      }
    }
    return List.of(
        pressure(
            before,
            now,
            "MemoryPressure",
            memory,
            memory ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
            "kubelet has " + (memory ? "insufficient" : "sufficient") + " memory available"),
        diskPressure(before, now),
        pressure(
            before,
            now,
            "PIDPressure",
            pids,
            pids ? "KubeletHasInsufficientPID" : "KubeletHasSufficientPID",
            "kubelet has " + (pids ? "insufficient" : "sufficient") + " PID available"),
        problems.isEmpty()
            ? pressure(
                before, now, "Ready", true, "KubeletReady", "kubelet is posting ready status")
            : pressure(
                before,
                now,
                "Ready",
                false,
                "KubeletNotReady",
                problems.size() == 1 ? problems.getFirst() : problems.toString()));
  }

  private NodeCondition diskPressure(List<NodeCondition> before, Instant now) {
    boolean low = false;
    try {
      FileStore store = Files.getFileStore(disk);
      low = store.getUsableSpace() < store.getTotalSpace() / 20;
    } catch (IOException e) {
      LOG.debug("the space of {} is unknown: {}", disk, e.toString());
    }
    return pressure(
        before,
        now,
        "DiskPressure",
        low,
        low ? "KubeletHasDiskPressure" : "KubeletHasNoDiskPressure",
        low ? "kubelet has disk pressure" : "kubelet has no disk pressure");
  }

  private static NodeCondition pressure(
      List<NodeCondition> before,
      Instant now,
      String type,
      boolean status,
      String reason,
      String message) {
    String text = status ? "True" : "False";
    Instant beat = now.truncatedTo(ChronoUnit.SECONDS);
    Instant since = beat;
    for (NodeCondition old : before) {
      if (old.type().equals(type)
          && old.status().equals(text)
          && old.lastTransitionTime() != null) {
        since = old.lastTransitionTime();
      }
    }
    return NodeCondition.builder()
        .type(type)
        .status(text)
        .reason(reason)
        .message(message)
        .lastHeartbeatTime(beat)
        .lastTransitionTime(since)
        .build();
  }
}
