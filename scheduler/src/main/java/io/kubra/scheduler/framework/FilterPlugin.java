package io.kubra.scheduler.framework;

import io.kubra.model.core.v1.Pod;
import io.kubra.scheduler.cluster.NodeState;
import java.util.List;

/** Says which nodes a pod cannot run on. */
public interface FilterPlugin {
  /** Upstream's name of the plugin. */
  String name();

  /** Prepares for one pod; the result judges each node. */
  Filter prepare(Pod pod, List<NodeState> nodes);

  /** Judges nodes for one pod. */
  @FunctionalInterface
  interface Filter {
    /** Accepts every node. */
    Filter ACCEPT = node -> List.of();

    /** Why the pod cannot run on the node, in upstream's words; empty if it can. */
    List<String> rejections(NodeState node);
  }

  /**
   * The pod can go to no node, whatever the nodes are like.
   *
   * @param reason why, in upstream's words
   */
  record Refusal(String reason) implements Filter {
    @Override
    public List<String> rejections(NodeState node) {
      return List.of(reason);
    }
  }
}
