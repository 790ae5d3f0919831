package io.kubra.node.status;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.ContainerState;
import io.kubra.model.core.v1.ContainerStatus;
import io.kubra.model.core.v1.PodSpec;
import java.util.List;
import java.util.Objects;

/** Derives a pod's phase from the states of its containers. */
final class PodPhase {
  private PodPhase() {}

  static String of(
      PodSpec spec,
      List<ContainerStatus> init,
      List<ContainerStatus> containers,
      boolean allEnded) {
    String policy = Objects.requireNonNullElse(spec.restartPolicy(), "Always");
    boolean initialized = initialized(containers);
    int pendingInit = 0;
    int failedInit = 0;
    for (int i = 0; i < init.size(); i++) {
      Container container = spec.initContainers().get(i);
      ContainerState state =
          Objects.requireNonNullElse(init.get(i).state(), ContainerState.empty());
      if (ContainerStatuses.sidecar(container)) {
        if (!Boolean.TRUE.equals(init.get(i).started()) && state.terminated() == null) {
          pendingInit++;
        }
        continue;
      }
      if (state.terminated() != null) {
        failedInit += state.terminated().exitCode() == 0 ? 0 : 1;
      } else if (state.waiting() != null && lastEnded(init.get(i))) {
        failedInit += lastSucceeded(init.get(i)) ? 0 : 1;
      } else {
        pendingInit++;
      }
    }
    if (failedInit > 0 && (policy.equals("Never") || allEnded)) {
      return "Failed";
    }
    int running = 0;
    int waiting = 0;
    int stopped = 0;
    int succeeded = 0;
    for (ContainerStatus status : containers) {
      ContainerState state = Objects.requireNonNullElse(status.state(), ContainerState.empty());
      if (state.running() != null) {
        running++;
      } else if (state.terminated() != null) {
        stopped++;
        succeeded += state.terminated().exitCode() == 0 ? 1 : 0;
      } else if (lastEnded(status)) {
        stopped++;
      } else {
        waiting++;
      }
    }
    if (!initialized && (pendingInit > 0 || failedInit > 0)) {
      return "Pending";
    }
    if (waiting > 0) {
      return "Pending";
    }
    if (running > 0) {
      return "Running";
    }
    if (stopped == 0) {
      return "Pending";
    }
    if (!allEnded && policy.equals("Always")) {
      return "Running";
    }
    if (stopped == succeeded) {
      return "Succeeded";
    }
    return allEnded || policy.equals("Never") ? "Failed" : "Running";
  }

  /** Whether any main container was ever started. */
  static boolean initialized(List<ContainerStatus> containers) {
    return containers.stream()
        .anyMatch(
            s -> {
              ContainerState state = s.state();
              return lastEnded(s)
                  || (state != null && (state.running() != null || state.terminated() != null));
            });
  }

  private static boolean lastEnded(ContainerStatus status) {
    return status.lastState() != null && status.lastState().terminated() != null;
  }

  private static boolean lastSucceeded(ContainerStatus status) {
    return status.lastState() != null
        && status.lastState().terminated() != null
        && status.lastState().terminated().exitCode() == 0;
  }
}
