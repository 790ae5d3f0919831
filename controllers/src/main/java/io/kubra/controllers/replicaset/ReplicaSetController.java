package io.kubra.controllers.replicaset;

import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.model.apps.v1.ReplicaSet;

/** Keeps the pods of ReplicaSets. */
public final class ReplicaSetController implements AutoCloseable {
  private final ReplicaKeeper<ReplicaSet> keeper;

  /** Starts the controller; the context's informers are started by the caller. */
  public ReplicaSetController(ControllerContext context) {
    this.keeper =
        new ReplicaKeeper<>(
            context,
            ReplicaSet.RESOURCE,
            "ReplicaSet",
            "replicaset-controller",
            "replicaset",
            set -> set,
            ReplicaSet::withStatus);
  }

  @Override
  public void close() {
    keeper.close();
  }
}
