package io.kubra.apiserver.table.printers;

import io.kubra.api.tree.Trees;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod in a few words. The status is the most telling of: the first init container that is not
 * through, the reasons of the containers, the pod's own reason, its phase.
 */
record PodSummary(
    long ready, long total, String status, long restarts, @Nullable Instant lastRestart) {

  static PodSummary of(Map<String, Object> pod) {
    return new Reading(pod).summary();
  }

  /** Goes through a pod's container statuses. */
  private static final class Reading {
    private final Map<String, Object> pod;
    private final Map<String, Map<String, Object>> inits = new HashMap<>();
    private String status;
    private long ready;
    private long total;
    private long restarts;
    private long sidecarRestarts;
    private @Nullable Instant lastRestart;
    private @Nullable Instant lastSidecarRestart;

    Reading(Map<String, Object> pod) {
      this.pod = pod;
      String reason = Cells.text(pod, "status", "reason");
      this.status = reason.isEmpty() ? Cells.text(pod, "status", "phase") : reason;
      for (Map<String, Object> init : Trees.maps(pod, "spec", "initContainers")) {
        inits.put(Cells.text(init, "name"), init);
      }
    }

    PodSummary summary() {
      total = Trees.list(pod, "spec", "containers").size();
      for (Map<String, Object> init : inits.values()) {
        total += sidecar(init) ? 1 : 0;
      }
      for (Map<String, Object> condition : Trees.maps(pod, "status", "conditions")) {
        if (Cells.text(condition, "type").equals("PodScheduled")
            && Cells.text(condition, "reason").equals("SchedulingGated")) {
          status = "SchedulingGated";
        }
      }
      if (!initialising() || initialised()) {
        containers();
      }
      if (Trees.get(pod, "metadata", "deletionTimestamp") != null) {
        String phase = Cells.text(pod, "status", "phase");
        if (Cells.text(pod, "status", "reason").equals("NodeLost")) {
          status = "Unknown";
        } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
          status = "Terminating";
        }
      }
      return new PodSummary(ready, total, status, restarts, lastRestart);
    }

    private static boolean sidecar(@Nullable Map<String, Object> container) {
      return container != null && Cells.text(container, "restartPolicy").equals("Always");
    }

    private boolean initialised() {
      for (Map<String, Object> condition : Trees.maps(pod, "status", "conditions")) {
        if (Cells.text(condition, "type").equals("Initialized")) {
          return Cells.text(condition, "status").equals("True");
        }
      }
      return false;
    }

    /** Whether an init container still holds the pod back; its state is the status then. */
    private boolean initialising() {
      List<Map<String, Object>> statuses = Trees.maps(pod, "status", "initContainerStatuses");
      for (int i = 0; i < statuses.size(); i++) {
        Map<String, Object> container = statuses.get(i);
        restarts += Cells.number(container, "restartCount");
        lastRestart = later(lastRestart, container);
        boolean sidecar = sidecar(inits.get(Cells.text(container, "name")));
        if (sidecar) {
          sidecarRestarts += Cells.number(container, "restartCount");
          lastSidecarRestart = later(lastSidecarRestart, container);
        }
        Map<String, Object> ended = Trees.map(container, "state", "terminated");
        if (ended != null && Cells.number(ended, "exitCode") == 0) {
          continue;
        }
        if (sidecar && Trees.bool(container, "started")) {
          ready += Trees.bool(container, "ready") ? 1 : 0;
          continue;
        }
        String waiting = Cells.text(container, "state", "waiting", "reason");
        if (ended != null) {
          status = "Init:" + endReason(ended);
        } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
          status = "Init:" + waiting;
        } else {
          status = "Init:" + i + "/" + inits.size();
        }
        return true;
      }
      return false;
    }

    private void containers() {
      restarts = sidecarRestarts;
      lastRestart = lastSidecarRestart;
      boolean running = false;
      List<Map<String, Object>> statuses = Trees.maps(pod, "status", "containerStatuses");
      for (int i = statuses.size() - 1; i >= 0; i--) {
        Map<String, Object> container = statuses.get(i);
        restarts += Cells.number(container, "restartCount");
        lastRestart = later(lastRestart, container);
        String waiting = Cells.text(container, "state", "waiting", "reason");
        Map<String, Object> ended = Trees.map(container, "state", "terminated");
        if (!waiting.isEmpty()) {
          status = waiting;
        } else if (ended != null) {
          status = endReason(ended);
        } else if (Trees.bool(container, "ready")
            && Trees.map(container, "state", "running") != null) {
          running = true;
          ready++;
        }
      }
      if (status.equals("Completed") && running) {
        status = podReady() ? "Running" : "NotReady";
      }
    }

    private boolean podReady() {
      for (Map<String, Object> condition : Trees.maps(pod, "status", "conditions")) {
        if (Cells.text(condition, "type").equals("Ready")
            && Cells.text(condition, "status").equals("True")) {
          return true;
        }
      }
      return false;
    }

    private static String endReason(Map<String, Object> ended) {
      String reason = Cells.text(ended, "reason");
      if (!reason.isEmpty()) {
        return reason;
      }
      long signal = Cells.number(ended, "signal");
      return signal != 0 ? "Signal:" + signal : "ExitCode:" + Cells.number(ended, "exitCode");
    }

    private static @Nullable Instant later(
        @Nullable Instant known, Map<String, Object> container) {
      Instant ended =
          Cells.instant(Trees.string(container, "lastState", "terminated", "finishedAt"));
      return known == null || (ended != null && ended.isAfter(known)) ? ended : known;
    }
  }
}
