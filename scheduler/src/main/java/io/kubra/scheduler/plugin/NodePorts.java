package io.kubra.scheduler.plugin;

import io.kubra.model.core.v1.Pod;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.framework.FilterPlugin;
import java.util.List;

/** Keeps pods from nodes on which a host port they ask for is taken. */
final class NodePorts implements FilterPlugin {
  @Override
  public String name() {
    return "NodePorts";
  }

  @Override
  public Filter prepare(Pod pod, List<NodeState> nodes) {
    List<String> ports = NodeState.hostPorts(pod);
    if (ports.isEmpty()) {
      return Filter.ACCEPT;
    }
    return node ->
        ports.stream().anyMatch(node::portTaken)
            ? List.of("node(s) didn't have free ports for the requested pod ports")
            : List.of();
  }
}
