package io.kubra.controllers.replication;

import io.kubra.controllers.replicaset.ReplicaKeeper;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.model.apps.v1.ReplicaSet;
import io.kubra.model.apps.v1.ReplicaSetCondition;
import io.kubra.model.apps.v1.ReplicaSetSpec;
import io.kubra.model.apps.v1.ReplicaSetStatus;
import io.kubra.model.core.v1.ReplicationController;
import io.kubra.model.core.v1.ReplicationControllerCondition;
import io.kubra.model.core.v1.ReplicationControllerStatus;
import io.kubra.model.meta.v1.LabelSelector;

/** Keeps the pods of ReplicationControllers, the forerunners of ReplicaSets, in the same way. */
public final class ReplicationControllerController implements AutoCloseable {
  private final ReplicaKeeper<ReplicationController> keeper;

  /** Starts the controller; the context's informers are started by the caller. */
  public ReplicationControllerController(ControllerContext context) {
    this.keeper =
        new ReplicaKeeper<>(
            context,
            ReplicationController.RESOURCE,
            "ReplicationController",
            "replication-controller",
            "replicationmanager",
            ReplicationControllerController::asSet,
            (rc, status) -> rc.withStatus(status(rc.status(), status)));
  }

  private static ReplicaSet asSet(ReplicationController rc) {
    ReplicationControllerStatus status = rc.status();
    return ReplicaSet.builder()
        .metadata(rc.metadata())
        .spec(
            ReplicaSetSpec.builder()
                .replicas(rc.spec().replicas())
                .minReadySeconds(rc.spec().minReadySeconds())
                .selector(LabelSelector.builder().matchLabels(rc.spec().selector()).build())
                .template(rc.spec().template())
                .build())
        .status(
            ReplicaSetStatus.builder()
                .replicas(status.replicas())
                .fullyLabeledReplicas(status.fullyLabeledReplicas())
                .readyReplicas(status.readyReplicas())
                .availableReplicas(status.availableReplicas())
                .observedGeneration(status.observedGeneration())
                .conditions(
                    status.conditions().stream()
                        .map(ReplicationControllerController::asSetCondition)
                        .toList())
                .build())
        .build();
  }

  private static ReplicaSetCondition asSetCondition(ReplicationControllerCondition c) {
    return ReplicaSetCondition.builder()
        .type(c.type())
        .status(c.status())
        .reason(c.reason())
        .message(c.message())
        .lastTransitionTime(c.lastTransitionTime())
        .build();
  }

  private static ReplicationControllerStatus status(
      ReplicationControllerStatus old, ReplicaSetStatus status) {
    return old.toBuilder()
        .replicas(status.replicas())
        .fullyLabeledReplicas(status.fullyLabeledReplicas())
        .readyReplicas(status.readyReplicas())
        .availableReplicas(status.availableReplicas())
        .observedGeneration(status.observedGeneration())
        .conditions(
            status.conditions().stream()
                .map(
                    c ->
                        ReplicationControllerCondition.builder()
                            .type(c.type())
                            .status(c.status())
                            .reason(c.reason())
                            .message(c.message())
                            .lastTransitionTime(c.lastTransitionTime())
                            .build())
                .toList())
        .build();
  }

  @Override
  public void close() {
    keeper.close();
  }
}
