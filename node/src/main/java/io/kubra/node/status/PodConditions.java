package io.kubra.node.status;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.ContainerState;
import io.kubra.model.core.v1.ContainerStatus;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodCondition;
import io.kubra.model.core.v1.PodReadinessGate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Derives the conditions that the node sets on a pod. */
final class PodConditions {
  private final Pod pod;
  private final List<PodCondition> previous;
  private final Instant now;

  PodConditions(Pod pod, List<PodCondition> previous, Instant now) {
    this.pod = pod;
    this.previous = previous;
    this.now = now;
  }

  List<PodCondition> of(
      String phase,
      boolean sandboxReady,
      List<ContainerStatus> init,
      List<ContainerStatus> containers) {
    List<PodCondition> conditions = new ArrayList<>();
    conditions.add(condition("PodReadyToStartContainers", sandboxReady, null, null));
    conditions.add(initialized(phase, init, containers));
    PodCondition containersReady = containersReady(phase, init, containers);
    conditions.add(ready(containersReady));
    conditions.add(containersReady);
    conditions.add(condition("PodScheduled", true, null, null));
    return conditions;
  }

  private PodCondition initialized(
      String phase, List<ContainerStatus> init, List<ContainerStatus> containers) {
    List<String> incomplete = new ArrayList<>();
    if (!PodPhase.initialized(containers)) {
      for (int i = 0; i < init.size(); i++) {
        Container container = pod.spec().initContainers().get(i);
        ContainerState state = init.get(i).state();
        boolean done =
            ContainerStatuses.sidecar(container)
                ? Boolean.TRUE.equals(init.get(i).started())
                : state != null && state.terminated() != null && state.terminated().exitCode() == 0;
        if (!done) {
          incomplete.add(container.name());
        }
      }
    }
    if (phase.equals("Succeeded")) {
      return condition("Initialized", true, "PodCompleted", null);
    }
    return incomplete.isEmpty()
        ? condition("Initialized", true, null, null)
        : condition(
            "Initialized",
            false,
            "ContainersNotInitialized",
            "containers with incomplete status: [" + String.join(" ", incomplete) + "]");
  }

  private PodCondition containersReady(
      String phase, List<ContainerStatus> init, List<ContainerStatus> containers) {
    if (phase.equals("Succeeded")) {
      return condition("ContainersReady", false, "PodCompleted", null);
    }
    if (phase.equals("Failed")) {
      return condition("ContainersReady", false, "PodFailed", null);
    }
    List<String> unready = new ArrayList<>();
    for (int i = 0; i < init.size(); i++) {
      if (ContainerStatuses.sidecar(pod.spec().initContainers().get(i)) && !init.get(i).ready()) {
        unready.add(init.get(i).name());
      }
    }
    containers.stream().filter(s -> !s.ready()).forEach(s -> unready.add(s.name()));
    return unready.isEmpty()
        ? condition("ContainersReady", true, null, null)
        : condition(
            "ContainersReady",
            false,
            "ContainersNotReady",
            "containers with unready status: [" + String.join(" ", unready) + "]");
  }

  private PodCondition ready(PodCondition containersReady) {
    if (!containersReady.status().equals("True")) {
      return condition("Ready", false, containersReady.reason(), containersReady.message());
    }
    List<String> missing = new ArrayList<>();
    for (PodReadinessGate gate : pod.spec().readinessGates()) {
      PodCondition found = find(pod.status().conditions(), gate.conditionType());
      if (found == null) {
        missing.add(
            "corresponding condition of pod readiness gate \""
                + gate.conditionType()
                + "\" does not exist.");
      } else if (!found.status().equals("True")) {
        missing.add(
            "the status of pod readiness gate \""
                + gate.conditionType()
                + "\" is not \"True\", but "
                + found.status());
      }
    }
    if (missing.isEmpty()) {
      return condition("Ready", true, null, null);
    }
    String text = missing.size() == 1 ? missing.getFirst() : "[" + String.join(", ", missing) + "]";
    return condition("Ready", false, "ReadinessGatesNotReady", text);
  }

  private PodCondition condition(
      String type, boolean status, @Nullable String reason, @Nullable String message) {
    String text = status ? "True" : "False";
    PodCondition old = find(previous, type);
    Instant since =
        old != null && old.status().equals(text)
            ? Objects.requireNonNullElse(old.lastTransitionTime(), now)
            : now;
    return PodCondition.builder()
        .type(type)
        .status(text)
        .reason(reason)
        .message(message)
        .lastTransitionTime(ContainerStatuses.seconds(since))
        .observedGeneration(pod.metadata().generation())
        .build();
  }

  static @Nullable PodCondition find(List<PodCondition> conditions, String type) {
    for (PodCondition condition : conditions) {
      if (condition.type().equals(type)) {
        return condition;
      }
    }
    return null;
  }
}
