package io.kubra.node.pod;

import io.kubra.model.core.v1.Container;
import io.kubra.node.runtime.RuntimeContainer;
import java.util.List;

/** What to do next so that a pod becomes what it shall be. */
sealed interface SyncPlan {
  /** All that should run runs, and nothing else. */
  record Nothing() implements SyncPlan {}

  /**
   * There is no usable sandbox: make one, after ending those there are.
   *
   * @param attempt how many there were before
   */
  record NewSandbox(int attempt) implements SyncPlan {}

  /**
   * Containers of the present sandbox to end and to start.
   *
   * @param sandbox the sandbox's id
   */
  record Containers(String sandbox, List<Kill> kills, List<Container> starts) implements SyncPlan {}

  /**
   * A running container to end.
   *
   * @param why the text of the event
   */
  record Kill(RuntimeContainer container, Container spec, String why) {}
}
