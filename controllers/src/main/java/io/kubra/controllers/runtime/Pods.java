package io.kubra.controllers.runtime;

import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodCondition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What controllers ask of pods. */
public final class Pods {
  private Pods() {}

  /** A condition by type, or null. */
  public static @Nullable PodCondition condition(Pod pod, String type) {
    for (PodCondition condition : pod.status().conditions()) {
      if (condition.type().equals(type)) {
        return condition;
      }
    }
    return null;
  }

  /** Whether the pod is ready to serve. */
  public static boolean ready(Pod pod) {
    PodCondition ready = condition(pod, "Ready");
    return ready != null && ready.status().equals("True");
  }

  /** Whether the pod has been ready for the given number of seconds. */
  public static boolean available(Pod pod, int minReadySeconds, Instant now) {
    PodCondition ready = condition(pod, "Ready");
    if (ready == null || !ready.status().equals("True")) {
      return false;
    }
    return minReadySeconds == 0
        || (ready.lastTransitionTime() != null
            && !ready.lastTransitionTime().plusSeconds(minReadySeconds).isAfter(now));
  }

  /** Whether the pod is being deleted. */
  public static boolean terminating(Pod pod) {
    return pod.metadata().deletionTimestamp() != null;
  }

  /** Whether the pod has ended for good. */
  public static boolean finished(Pod pod) {
    return "Succeeded".equals(pod.status().phase()) || "Failed".equals(pod.status().phase());
  }

  /** Whether the pod counts: neither ended nor being deleted. */
  public static boolean active(Pod pod) {
    return !finished(pod) && !terminating(pod);
  }
}
