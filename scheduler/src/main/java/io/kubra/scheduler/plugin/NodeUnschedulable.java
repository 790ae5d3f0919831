package io.kubra.scheduler.plugin;

import io.kubra.client.match.Tolerations;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Taint;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.framework.FilterPlugin;
import java.util.List;

/** Keeps pods from cordoned nodes, unless they tolerate the taint that stands for it. */
final class NodeUnschedulable implements FilterPlugin {
  private static final Taint TAINT =
      Taint.builder().key("node.kubernetes.io/unschedulable").effect("NoSchedule").build();

  @Override
  public String name() {
    return "NodeUnschedulable";
  }

  @Override
  public Filter prepare(Pod pod, List<NodeState> nodes) {
    if (Tolerations.tolerate(pod.spec().tolerations(), TAINT)) {
      return Filter.ACCEPT;
    }
    return node ->
        node.node() != null && Boolean.TRUE.equals(node.node().spec().unschedulable())
            ? List.of("node(s) were unschedulable")
            : List.of();
  }
}
