package io.kubra.scheduler.plugin;

import io.kubra.client.match.Tolerations;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Taint;
import io.kubra.model.core.v1.Toleration;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.framework.FilterPlugin;
import io.kubra.scheduler.framework.ScorePlugin;
import java.util.List;

/** Keeps pods from tainted nodes, and prefers nodes with fewer PreferNoSchedule taints. */
final class TaintToleration implements FilterPlugin, ScorePlugin {
  @Override
  public String name() {
    return "TaintToleration";
  }

  @Override
  public int weight() {
    return 3;
  }

  @Override
  public Filter prepare(Pod pod, List<NodeState> nodes) {
    List<Toleration> tolerations = pod.spec().tolerations();
    return node -> {
      if (node.node() == null) {
        return List.of();
      }
      for (Taint taint : node.node().spec().taints()) {
        boolean keepsAway =
            taint.effect().equals("NoSchedule") || taint.effect().equals("NoExecute");
        if (keepsAway && !Tolerations.tolerate(tolerations, taint)) {
          String value = taint.value() == null ? "" : taint.value();
          return List.of("node(s) had untolerated taint {" + taint.key() + ": " + value + "}");
        }
      }
      return List.of();
    };
  }

  @Override
  public long[] score(Pod pod, List<NodeState> nodes) {
    long[] raw = new long[nodes.size()];
    for (int i = 0; i < raw.length; i++) {
      var node = nodes.get(i).node();
      if (node == null) {
        continue;
      }
      for (Taint taint : node.spec().taints()) {
        if (taint.effect().equals("PreferNoSchedule")
            && !Tolerations.tolerate(pod.spec().tolerations(), taint)) {
          raw[i]++;
        }
      }
    }
    return ScorePlugin.normalised(raw, true);
  }
}
