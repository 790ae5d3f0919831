package io.kubra.controllers.statefulset;

import io.kubra.client.ResourceClient;
import io.kubra.controllers.history.Revisions;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.apps.v1.ControllerRevision;
import io.kubra.model.apps.v1.StatefulSet;
import io.kubra.model.apps.v1.StatefulSetStatus;
import io.kubra.model.apps.v1.StatefulSetUpdateStrategy;
import io.kubra.model.core.v1.Pod;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes and writes the status of StatefulSets. */
final class StatefulSetStatusWriter {
  private final ResourceClient<StatefulSet> client;

  StatefulSetStatusWriter(ResourceClient<StatefulSet> client) {
    this.client = client;
  }

  /**
   * Writes the status where it differs.
   *
   * @param leaving how many pods of the current revision were deleted just now
   * @return the set as it is stored now
   */
  StatefulSet write(
      StatefulSet set,
      List<Pod> pods,
      ControllerRevision current,
      Revisions.Current update,
      int leaving,
      Instant now) {
    String before = current.metadata().name();
    String wanted = update.revision().metadata().name();
    int ready = 0;
    int available = 0;
    int ofCurrent = -leaving;
    int ofUpdate = 0;
    for (Pod pod : pods) {
      ready += Identity.runningAndReady(pod) ? 1 : 0;
      available += Identity.available(set, pod, now) ? 1 : 0;
      if (!Pods.terminating(pod)) {
        ofCurrent += Identity.revision(pod).equals(before) ? 1 : 0;
        ofUpdate += Identity.revision(pod).equals(wanted) ? 1 : 0;
      }
    }
    int replicas = Identity.replicas(set);
    StatefulSetUpdateStrategy strategy = set.spec().updateStrategy();
    boolean rolling = strategy == null || !"OnDelete".equals(strategy.type());
    if (rolling && ofUpdate == replicas && ready == replicas && pods.size() == replicas) {
      before = wanted;
      ofCurrent = ofUpdate;
    }
    StatefulSetStatus status =
        set.status().toBuilder()
            .observedGeneration(set.metadata().generation())
            .replicas(pods.size())
            .readyReplicas(orAbsent(ready))
            .availableReplicas(available)
            .currentReplicas(orAbsent(Math.max(0, ofCurrent)))
            .updatedReplicas(orAbsent(ofUpdate))
            .currentRevision(before)
            .updateRevision(wanted)
            .collisionCount(update.collisions())
            .build();
    return status.equals(set.status()) ? set : client.updateStatus(set.withStatus(status));
  }

  private static @Nullable Integer orAbsent(int value) {
    return value == 0 ? null : value;
  }
}
