package io.kubra.scheduler.framework;

import io.kubra.model.core.v1.Pod;
import io.kubra.scheduler.cluster.NodeState;
import java.util.List;

/** Says how well a pod would do on each of the nodes it can run on. */
public interface ScorePlugin {
  /** The best score. */
  long MAX = 100;

  /** Upstream's name of the plugin. */
  String name();

  /** The weight among the plugins. */
  int weight();

  /** Scores from 0 to {@link #MAX}, in the order of the nodes. */
  long[] score(Pod pod, List<NodeState> nodes);

  /** Stretches raw values to the whole range. */
  static long[] normalised(long[] raw, boolean lowIsGood) {
    long most = 0;
    for (long value : raw) {
      most = Math.max(most, value);
    }
    long[] scores = new long[raw.length];
    for (int i = 0; i < raw.length; i++) {
      long scaled = most == 0 ? 0 : raw[i] * MAX / most;
      scores[i] = lowIsGood ? MAX - scaled : scaled;
    }
    return scores;
  }
}
