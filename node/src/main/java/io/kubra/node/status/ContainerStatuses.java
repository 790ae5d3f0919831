package io.kubra.node.status;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.ContainerState;
import io.kubra.model.core.v1.ContainerStateRunning;
import io.kubra.model.core.v1.ContainerStateTerminated;
import io.kubra.model.core.v1.ContainerStateWaiting;
import io.kubra.model.core.v1.ContainerStatus;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.runtime.RuntimeContainer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns what the runtime says about containers into their statuses. */
final class ContainerStatuses {
  private static final int KILLED = 137;

  private final PodStatuses.Inputs in;

  ContainerStatuses(PodStatuses.Inputs in) {
    this.in = in;
  }

  /** The statuses of containers of one kind. */
  List<ContainerStatus> of(
      List<Container> containers, List<ContainerStatus> previous, boolean init) {
    boolean afterInit = !in.pod().spec().initContainers().isEmpty();
    List<ContainerStatus> statuses = new ArrayList<>();
    for (Container container : containers) {
      ContainerStatus old = find(previous, container.name());
      statuses.add(status(container, old, init, afterInit));
    }
    return statuses;
  }

  private static @Nullable ContainerStatus find(List<ContainerStatus> statuses, String name) {
    for (ContainerStatus status : statuses) {
      if (status.name().equals(name)) {
        return status;
      }
    }
    return null;
  }

  private ContainerStatus status(
      Container container, @Nullable ContainerStatus old, boolean init, boolean afterInit) {
    List<RuntimeContainer> instances = in.runtime().all(container.name());
    ContainerStatus.Builder status;
    ContainerState state;
    ContainerState last = null;
    int restarts = old == null ? 0 : old.restartCount();
    if (instances.isEmpty()) {
      status = ContainerStatus.builder().image(text(container.image())).imageID("");
      state = waiting(afterInit ? "PodInitializing" : "ContainerCreating", null);
      if (old != null) {
        last = old.lastState();
        ContainerState before = Objects.requireNonNullElse(old.state(), ContainerState.empty());
        if (before.terminated() != null) {
          status = old.toBuilder();
          state = before;
        } else if (before.running() != null) {
          // It ran when we last told, and now nobody knows of it.
          status = old.toBuilder();
          ContainerState lost = lost(old);
          if (in.terminated() || !restarts(container, init)) {
            state = lost;
          } else {
            last = lost;
            restarts++;
          }
        }
      }
    } else {
      RuntimeContainer latest = instances.getFirst();
      status = ContainerStatus.builder();
      status
          .image(image(latest, container))
          .imageID(latest.status().getImageRef())
          .containerID(in.runtimeName() + "://" + latest.id());
      state = state(latest);
      restarts = Math.max(restarts, latest.restartCount());
      if (instances.size() > 1 && instances.get(1).exited()) {
        last = state(instances.get(1));
      } else if (old != null && !latest.exited()) {
        last = previousEnd(old, latest);
      } else if (old != null) {
        last = old.lastState();
      }
    }
    StartFailure failure = in.failures().get(container.name());
    ContainerStateTerminated ended = state.terminated();
    if (failure != null
        && state.running() == null
        && !in.terminated()
        && !(init && ended != null && ended.exitCode() == 0)) {
      if (ended != null) {
        last = state;
      }
      state = waiting(failure.reason(), failure.message());
    }
    boolean running = state.running() != null;
    String id = instances.isEmpty() ? "" : instances.getFirst().id();
    boolean started = running && in.probes().started(container, id);
    return status
        .name(container.name())
        .state(state)
        .lastState(last == null ? ContainerState.empty() : last)
        .restartCount(restarts)
        .started(started)
        .ready(ready(container, init, state, running, id))
        .allocatedResources(
            container.resources() == null ? Map.of() : container.resources().requests())
        .resources(container.resources())
        .build();
  }

  private boolean ready(
      Container container, boolean init, ContainerState state, boolean running, String id) {
    if (init && !sidecar(container)) {
      return state.terminated() != null && state.terminated().exitCode() == 0;
    }
    return running && in.probes().ready(container, id);
  }

  static boolean sidecar(Container container) {
    return "Always".equals(container.restartPolicy());
  }

  private boolean restarts(Container container, boolean init) {
    if (init && sidecar(container)) {
      return true;
    }
    return !"Never".equals(in.pod().spec().restartPolicy());
  }

  /** How the instance before this one ended, as far as the old status knew. */
  private static @Nullable ContainerState previousEnd(
      ContainerStatus old, RuntimeContainer latest) {
    boolean another = old.containerID() != null && !old.containerID().endsWith("://" + latest.id());
    ContainerState before = old.state();
    return another && before != null && before.terminated() != null ? before : old.lastState();
  }

  private static ContainerState lost(ContainerStatus old) {
    return ContainerState.builder()
        .terminated(
            ContainerStateTerminated.builder()
                .exitCode(KILLED)
                .reason("ContainerStatusUnknown")
                .message("The container could not be located when the pod was terminated")
                .containerID(old.containerID())
                .build())
        .build();
  }

  private static String image(RuntimeContainer container, Container spec) {
    // The runtime was given the image's id; what the user wrote is kept beside it.
    Cri.ImageSpec image = container.status().getImage();
    if (!image.getUserSpecifiedImage().isEmpty()) {
      return image.getUserSpecifiedImage();
    }
    return image.getImage().isEmpty() || image.getImage().startsWith("sha256:")
        ? text(spec.image())
        : image.getImage();
  }

  private ContainerState state(RuntimeContainer container) {
    Cri.ContainerStatus status = container.status();
    return switch (status.getState()) {
      case CONTAINER_RUNNING ->
          ContainerState.builder()
              .running(
                  ContainerStateRunning.builder().startedAt(seconds(container.startedAt())).build())
              .build();
      case CONTAINER_EXITED ->
          ContainerState.builder()
              .terminated(
                  ContainerStateTerminated.builder()
                      .exitCode(status.getExitCode())
                      .reason(reason(status))
                      .message(in.lastWords().of(container))
                      .startedAt(seconds(container.startedAt()))
                      .finishedAt(seconds(container.finishedAt()))
                      .containerID(in.runtimeName() + "://" + container.id())
                      .build())
              .build();
      case CONTAINER_UNKNOWN ->
          ContainerState.builder()
              .terminated(
                  ContainerStateTerminated.builder()
                      .exitCode(KILLED)
                      .reason("ContainerStatusUnknown")
                      .message("The container could not be located when the pod was terminated")
                      .containerID(in.runtimeName() + "://" + container.id())
                      .build())
              .build();
      case CONTAINER_CREATED, UNRECOGNIZED -> waiting(null, null);
    };
  }

  private static String reason(Cri.ContainerStatus status) {
    if (!status.getReason().isEmpty()) {
      return status.getReason();
    }
    return status.getExitCode() == 0 ? "Completed" : "Error";
  }

  private static ContainerState waiting(@Nullable String reason, @Nullable String message) {
    return ContainerState.builder()
        .waiting(ContainerStateWaiting.builder().reason(reason).message(message).build())
        .build();
  }

  static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
