package io.kubra.node.pod;

import io.kubra.node.status.PodStatuses;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Where a pod's worker is on the pod's way from its first start to its last removal. */
sealed interface WorkerState {
  /** The pod shall run. */
  record Running() implements WorkerState {}

  /**
   * The pod's containers are being ended.
   *
   * @param graceSeconds how long they were given
   * @param kill ends when they have ended
   * @param verdict why the pod failed, or null if it did not or was deleted
   */
  record Terminating(long graceSeconds, Future<?> kill, PodStatuses.@Nullable Verdict verdict)
      implements WorkerState {}

  /** Nothing of the pod runs; what it left behind is being taken away. */
  record Terminated(PodStatuses.@Nullable Verdict verdict) implements WorkerState {}

  /** The pod has ended, and waits for its deletion. */
  record Ended() implements WorkerState {}

  /** Nothing is left of the pod. */
  record Gone() implements WorkerState {}
}
