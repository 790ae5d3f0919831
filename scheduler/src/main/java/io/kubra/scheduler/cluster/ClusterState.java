package io.kubra.scheduler.cluster;

import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All nodes. Pods that were assigned here but that the API server has not shown yet are assumed:
 * they count at once, so that the next decision sees them.
 */
public final class ClusterState {
  private final Map<String, NodeState> nodes = new LinkedHashMap<>();
  private final Map<String, String> nodeOfPod = new HashMap<>();

  /** The nodes that exist. */
  public List<NodeState> nodes() {
    List<NodeState> existing = new ArrayList<>(nodes.size());
    for (NodeState state : nodes.values()) {
      if (state.node() != null) {
        existing.add(state);
      }
    }
    return existing;
  }

  /** A node appeared or changed. */
  public void put(Node node) {
    nodes.computeIfAbsent(node.metadata().name(), NodeState::new).node(node);
  }

  /** A node is gone; its pods may outlive it for a while. */
  public void remove(Node node) {
    NodeState state = nodes.get(node.metadata().name());
    if (state != null) {
      state.node(null);
      drop(state);
    }
  }

  /** A pod is on a node, or is assumed to be. */
  public void put(Pod pod, String node) {
    String uid = pod.metadata().uid();
    String before = nodeOfPod.put(uid, node);
    if (before != null && !before.equals(node)) {
      removeFrom(before, uid);
    }
    nodes.computeIfAbsent(node, NodeState::new).add(pod);
  }

  /** A pod is gone, has ended, or was not assigned after all. */
  public void remove(String uid) {
    String node = nodeOfPod.remove(uid);
    if (node != null) {
      removeFrom(node, uid);
    }
  }

  private void removeFrom(String node, String uid) {
    NodeState state = nodes.get(node);
    if (state != null) {
      state.remove(uid);
      drop(state);
    }
  }

  private void drop(NodeState state) {
    if (state.isEmpty()) {
      nodes.remove(state.name());
    }
  }
}
