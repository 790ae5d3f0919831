package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pod in a few words: why it is where it is, how many containers are ready, how often they were
 * restarted. The first init container that is not done decides while the pod is initialised;
 * afterwards the first container with something to say does.
 */
record PodStatus(
    String reason, long ready, long total, long restarts, @Nullable Instant restarted) {

  static PodStatus of(Map<String, Object> pod) {
    return new Reading(pod).status();
  }

  /** Reads one pod. */
  private static final class Reading {
    private final Row pod;
    private final List<Map<String, Object>> initContainers;
    private final Set<String> sidecars = new HashSet<>();
    private String reason;
    private long ready;
    private long restarts;
    private @Nullable Instant restarted;
    private long sidecarRestarts;
    private @Nullable Instant sidecarRestarted;

    Reading(Map<String, Object> tree) {
      pod = new Row(tree, Instant.EPOCH);
      initContainers = pod.maps("spec", "initContainers");
      for (Map<String, Object> container : initContainers) {
        if ("Always".equals(container.get("restartPolicy"))) {
          sidecars.add(Trees.stringOr(container, "", "name"));
        }
      }
      reason = pod.textOr(pod.text("status", "phase"), "status", "reason");
    }

    PodStatus status() {
      Map<String, Object> scheduled = pod.condition("PodScheduled");
      if (scheduled != null && "SchedulingGated".equals(scheduled.get("reason"))) {
        reason = "SchedulingGated";
      }
      boolean initializing = readInitContainers();
      if (!initializing || pod.conditionTrue("Initialized")) {
        restarts = sidecarRestarts;
        restarted = sidecarRestarted;
        readContainers();
      }
      if (pod.deleted()) {
        String phase = pod.text("status", "phase");
        if (pod.text("status", "reason").equals("NodeLost")) {
          reason = "Unknown";
        } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
          reason = "Terminating";
        }
      }
      long total = pod.size("spec", "containers") + sidecars.size();
      return new PodStatus(reason, ready, total, restarts, restarted);
    }

    /** Whether an init container is still to be done. */
    private boolean readInitContainers() {
      int done = 0;
      for (Map<String, Object> container : pod.maps("status", "initContainerStatuses")) {
        restarts += Trees.integerOr(container, 0, "restartCount");
        restarted = later(restarted, lastEnd(container));
        boolean sidecar = sidecars.contains(Trees.stringOr(container, "", "name"));
        if (sidecar) {
          sidecarRestarts += Trees.integerOr(container, 0, "restartCount");
          sidecarRestarted = later(sidecarRestarted, lastEnd(container));
        }
        Map<String, Object> terminated = Trees.map(container, "state", "terminated");
        String waiting = Trees.stringOr(container, "", "state", "waiting", "reason");
        if (terminated != null && Trees.integerOr(terminated, 0, "exitCode") == 0) {
          done++;
          continue;
        }
        if (sidecar && Trees.bool(container, "started")) {
          ready += Trees.bool(container, "ready") ? 1 : 0;
          done++;
          continue;
        }
        if (terminated != null) {
          reason = "Init:" + ended(terminated);
        } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
          reason = "Init:" + waiting;
        } else {
          reason = "Init:" + done + "/" + initContainers.size();
        }
        return true;
      }
      return false;
    }

    private void readContainers() {
      boolean running = false;
      List<Map<String, Object>> statuses =
          new ArrayList<>(pod.maps("status", "containerStatuses")).reversed();
      for (Map<String, Object> container : statuses) {
        restarts += Trees.integerOr(container, 0, "restartCount");
        restarted = later(restarted, lastEnd(container));
        String waiting = Trees.stringOr(container, "", "state", "waiting", "reason");
        Map<String, Object> terminated = Trees.map(container, "state", "terminated");
        if (!waiting.isEmpty()) {
          reason = waiting;
        } else if (terminated != null) {
          reason = ended(terminated);
        } else if (Trees.bool(container, "ready")
            && Trees.map(container, "state", "running") != null) {
          running = true;
          ready++;
        }
      }
      if (reason.equals("Completed") && running) {
        reason = pod.conditionTrue("Ready") ? "Running" : "NotReady";
      }
    }

    private static String ended(Map<String, Object> terminated) {
      String reason = Trees.stringOr(terminated, "", "reason");
      if (!reason.isEmpty()) {
        return reason;
      }
      long signal = Trees.integerOr(terminated, 0, "signal");
      return signal != 0
          ? "Signal:" + signal
          : "ExitCode:" + Trees.integerOr(terminated, 0, "exitCode");
    }

    private static @Nullable Instant lastEnd(Map<String, Object> container) {
      return Row.time(container, "lastState", "terminated", "finishedAt");
    }

    private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
      return a == null || (b != null && b.isAfter(a)) ? b : a;
    }
  }
}
