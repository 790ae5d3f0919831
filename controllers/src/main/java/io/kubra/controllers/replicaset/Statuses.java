package io.kubra.controllers.replicaset;

import io.kubra.api.status.ApiException;
import io.kubra.client.match.Selectors;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.apps.v1.ReplicaSet;
import io.kubra.model.apps.v1.ReplicaSetCondition;
import io.kubra.model.apps.v1.ReplicaSetStatus;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.LabelSelector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes the status of sets. */
final class Statuses {
  private static final String FAILURE = "ReplicaFailure";

  private Statuses() {}

  static int minReadySeconds(ReplicaSet set) {
    Integer seconds = set.spec().minReadySeconds();
    return seconds == null ? 0 : seconds;
  }

  static int wanted(ReplicaSet set) {
    Integer replicas = set.spec().replicas();
    return replicas == null ? 1 : replicas;
  }

  static ReplicaSetStatus of(
      ReplicaSet set,
      List<Pod> active,
      List<Pod> all,
      @Nullable ApiException failure,
      Instant now) {
    LabelSelector template =
        LabelSelector.builder().matchLabels(set.spec().template().metadata().labels()).build();
    int labelled = 0;
    int ready = 0;
    int available = 0;
    for (Pod pod : active) {
      if (Selectors.matches(template, pod.metadata().labels())) {
        labelled++;
      }
      if (Pods.ready(pod)) {
        ready++;
        if (Pods.available(pod, minReadySeconds(set), now)) {
          available++;
        }
      }
    }
    int terminating =
        (int) all.stream().filter(p -> Pods.terminating(p) && !Pods.finished(p)).count();
    return set.status().toBuilder()
        .replicas(active.size())
        .fullyLabeledReplicas(labelled)
        .readyReplicas(ready)
        .availableReplicas(available)
        .terminatingReplicas(terminating)
        .observedGeneration(set.metadata().generation())
        .conditions(conditions(set, active.size(), failure, now))
        .build();
  }

  private static List<ReplicaSetCondition> conditions(
      ReplicaSet set, int active, @Nullable ApiException failure, Instant now) {
    List<ReplicaSetCondition> conditions = new ArrayList<>();
    ReplicaSetCondition known = null;
    for (ReplicaSetCondition condition : set.status().conditions()) {
      if (condition.type().equals(FAILURE)) {
        known = condition;
      } else {
        conditions.add(condition);
      }
    }
    if (failure != null) {
      String reason = active < wanted(set) ? "FailedCreate" : "FailedDelete";
      conditions.add(
          known != null && reason.equals(known.reason())
              ? known
              : ReplicaSetCondition.builder()
                  .type(FAILURE)
                  .status("True")
                  .lastTransitionTime(now)
                  .reason(reason)
                  .message(failure.getMessage())
                  .build());
    }
    return conditions;
  }
}
