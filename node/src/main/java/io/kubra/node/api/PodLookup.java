package io.kubra.node.api;

import io.kubra.model.core.v1.ContainerState;
import io.kubra.model.core.v1.ContainerStatus;
import io.kubra.model.core.v1.Pod;
import io.kubra.node.pod.PodEngine;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the containers that requests name. */
final class PodLookup {
  private final PodEngine pods;

  PodLookup(PodEngine pods) {
    this.pods = pods;
  }

  /** A pod of this node. */
  Pod pod(String namespace, String name, String uid) throws Refusal {
    for (Pod pod : pods.pods()) {
      if (pod.metadata().namespace().equals(namespace)
          && pod.metadata().name().equals(name)
          && (uid.isEmpty() || pod.metadata().uid().equals(uid))) {
        return pod;
      }
    }
    throw new Refusal(404, "pod does not exist");
  }

  /** The id of a running container. */
  String running(Pod pod, String container) throws Refusal {
    ContainerStatus status = status(pod, container);
    if (status == null || status.state() == null || status.state().running() == null) {
      throw new Refusal(404, "container not found (\"" + container + "\")");
    }
    return id(status.containerID());
  }

  /** The id of the container whose log is wanted, with upstream's words if there is none. */
  String logged(Pod pod, String container, boolean previous) throws Refusal {
    ContainerStatus status = status(pod, container);
    if (status == null) {
      throw new Refusal(
          400,
          "container \"%s\" in pod \"%s\" is not available"
              .formatted(container, pod.metadata().name()));
    }
    ContainerState last = Objects.requireNonNullElse(status.lastState(), ContainerState.empty());
    String lastId = last.terminated() == null ? "" : id(last.terminated().containerID());
    if (previous) {
      if (lastId.isEmpty()) {
        throw new Refusal(
            400,
            "previous terminated container \"%s\" in pod \"%s\" not found"
                .formatted(container, pod.metadata().name()));
      }
      return lastId;
    }
    ContainerState state = Objects.requireNonNullElse(status.state(), ContainerState.empty());
    if (state.running() != null) {
      return id(status.containerID());
    }
    if (state.terminated() != null) {
      String id = id(state.terminated().containerID());
      return id.isEmpty() ? lastId : id;
    }
    if (!lastId.isEmpty()) {
      return lastId;
    }
    String reason = state.waiting() == null ? null : state.waiting().reason();
    String text =
        switch (reason) {
          case null -> "container \"%s\" in pod \"%s\" is waiting to start - no logs yet";
          case "ErrImagePull" ->
              "container \"%s\" in pod \"%s\" is waiting to start: image can't be pulled";
          case "ImagePullBackOff" ->
              "container \"%s\" in pod \"%s\" is waiting to start: trying and failing to pull image";
          default -> "container \"%s\" in pod \"%s\" is waiting to start: " + reason;
        };
    throw new Refusal(400, text.formatted(container, pod.metadata().name()));
  }

  private static @Nullable ContainerStatus status(Pod pod, String container) {
    return Stream.of(
            pod.status().containerStatuses(),
            pod.status().initContainerStatuses(),
            pod.status().ephemeralContainerStatuses())
        .flatMap(l -> l.stream())
        .filter(s -> s.name().equals(container))
        .findFirst()
        .orElse(null);
  }

  private static String id(@Nullable String url) {
    if (url == null) {
      return "";
    }
    int scheme = url.indexOf("://");
    return scheme < 0 ? url : url.substring(scheme + 3);
  }
}
