package io.kubra.scheduler.plugin;

import io.kubra.model.core.v1.Pod;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.cluster.Resources;
import io.kubra.scheduler.framework.FilterPlugin;
import io.kubra.scheduler.framework.ScorePlugin;
import java.util.ArrayList;
import java.util.List;

/** Keeps pods from nodes without room, and prefers the least allocated. */
final class NodeResourcesFit implements FilterPlugin, ScorePlugin {
  // Pods without requests still take something; these are upstream's guesses.
  private static final long GUESSED_CPU = 100;
  private static final long GUESSED_MEMORY = 200L << 20;

  @Override
  public String name() {
    return "NodeResourcesFit";
  }

  @Override
  public int weight() {
    return 1;
  }

  @Override
  public Filter prepare(Pod pod, List<NodeState> nodes) {
    Resources wanted = Resources.requestsOf(pod);
    return node -> {
      List<String> short_ = new ArrayList<>();
      for (String name : wanted.names()) {
        long amount = wanted.get(name);
        if (amount > 0 && amount > node.allocatable().get(name) - node.requested().get(name)) {
          short_.add(name.equals(Resources.PODS) ? "Too many pods" : "Insufficient " + name);
        }
      }
      return short_;
    };
  }

  @Override
  public long[] score(Pod pod, List<NodeState> nodes) {
    Resources wanted = Resources.requestsOf(pod);
    long cpu = Math.max(wanted.get(Resources.CPU), GUESSED_CPU);
    long memory = Math.max(wanted.get(Resources.MEMORY), GUESSED_MEMORY);
    long[] scores = new long[nodes.size()];
    for (int i = 0; i < scores.length; i++) {
      NodeState node = nodes.get(i);
      scores[i] = (free(node, Resources.CPU, cpu) + free(node, Resources.MEMORY, memory)) / 2;
    }
    return scores;
  }

  /** The share of a resource that stays free, in hundredths. */
  private static long free(NodeState node, String name, long wanted) {
    long capacity = node.allocatable().get(name);
    long left = capacity - node.requested().get(name) - wanted;
    return capacity == 0 || left < 0 ? 0 : left * MAX / capacity;
  }
}
