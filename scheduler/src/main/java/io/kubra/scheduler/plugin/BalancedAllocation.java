package io.kubra.scheduler.plugin;

import io.kubra.model.core.v1.Pod;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.cluster.Resources;
import io.kubra.scheduler.framework.ScorePlugin;
import java.util.List;

/** Prefers nodes whose CPU and memory would be used evenly. */
final class BalancedAllocation implements ScorePlugin {
  @Override
  public String name() {
    return "NodeResourcesBalancedAllocation";
  }

  @Override
  public int weight() {
    return 1;
  }

  @Override
  public long[] score(Pod pod, List<NodeState> nodes) {
    Resources wanted = Resources.requestsOf(pod);
    long[] scores = new long[nodes.size()];
    for (int i = 0; i < scores.length; i++) {
      double cpu = used(nodes.get(i), Resources.CPU, wanted);
      double memory = used(nodes.get(i), Resources.MEMORY, wanted);
      scores[i] = (long) ((1 - Math.abs(cpu - memory) / 2) * MAX);
    }
    return scores;
  }

  private static double used(NodeState node, String name, Resources wanted) {
    long capacity = node.allocatable().get(name);
    return capacity == 0
        ? 1
        : Math.min(1, (double) (node.requested().get(name) + wanted.get(name)) / capacity);
  }
}
