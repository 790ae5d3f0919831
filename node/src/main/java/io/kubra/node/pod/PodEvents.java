package io.kubra.node.pod;

import io.kubra.client.events.EventRecorder;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.ObjectReference;
import io.kubra.model.core.v1.Pod;

/** Records events about a pod and its containers. */
final class PodEvents {
  private final EventRecorder recorder;

  PodEvents(EventRecorder recorder) {
    this.recorder = recorder;
  }

  void normal(Pod pod, String reason, String message) {
    recorder.normal(pod, reason, message);
  }

  void warning(Pod pod, String reason, String message) {
    recorder.warning(pod, reason, message);
  }

  void normal(Pod pod, Container container, String reason, String message) {
    recorder.record(reference(pod, container), "Normal", reason, message);
  }

  void warning(Pod pod, Container container, String reason, String message) {
    recorder.record(reference(pod, container), "Warning", reason, message);
  }

  private static String list(Pod pod, Container container) {
    if (pod.spec().initContainers().contains(container)) {
      return "initContainers";
    }
    return pod.spec().ephemeralContainers().stream()
            .anyMatch(c -> container.name().equals(c.name()))
        ? "ephemeralContainers"
        : "containers";
  }

  private static ObjectReference reference(Pod pod, Container container) {
    String list = list(pod, container);
    return EventRecorder.reference(pod).toBuilder()
        .fieldPath("spec." + list + "{" + container.name() + "}")
        .build();
  }
}
