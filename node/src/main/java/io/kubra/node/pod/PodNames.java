package io.kubra.node.pod;

import io.kubra.model.core.v1.Pod;

/** How messages name a pod. */
final class PodNames {
  private PodNames() {}

  /** Name, namespace and uid in one word. */
  static String full(Pod pod) {
    return pod.metadata().name()
        + "_"
        + pod.metadata().namespace()
        + "("
        + pod.metadata().uid()
        + ")";
  }
}
