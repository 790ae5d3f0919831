package io.kubra.scheduler.plugin;

import io.kubra.client.match.NodeSelectors;
import io.kubra.model.core.v1.Affinity;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.NodeSelectorTerm;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PreferredSchedulingTerm;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.framework.FilterPlugin;
import io.kubra.scheduler.framework.ScorePlugin;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Heeds {@code nodeSelector} and node affinity, required and preferred, and {@code nodeName}. */
final class NodeAffinity implements FilterPlugin, ScorePlugin {
  private static final List<String> MISMATCH =
      List.of("node(s) didn't match Pod's node affinity/selector");

  @Override
  public String name() {
    return "NodeAffinity";
  }

  @Override
  public int weight() {
    return 2;
  }

  private static io.kubra.model.core.v1.@Nullable NodeAffinity affinity(Pod pod) {
    Affinity affinity = pod.spec().affinity();
    return affinity == null ? null : affinity.nodeAffinity();
  }

  @Override
  public Filter prepare(Pod pod, List<NodeState> nodes) {
    Map<String, String> selector = pod.spec().nodeSelector();
    io.kubra.model.core.v1.NodeAffinity affinity = affinity(pod);
    var required =
        affinity == null ? null : affinity.requiredDuringSchedulingIgnoredDuringExecution();
    if (selector.isEmpty() && required == null) {
      return Filter.ACCEPT;
    }
    return node -> {
      for (Map.Entry<String, String> label : selector.entrySet()) {
        if (!label.getValue().equals(node.label(label.getKey()))) {
          return MISMATCH;
        }
      }
      if (required != null
          && required.nodeSelectorTerms().stream().noneMatch(term -> matches(term, node))) {
        return MISMATCH;
      }
      return List.of();
    };
  }

  @Override
  public long[] score(Pod pod, List<NodeState> nodes) {
    long[] raw = new long[nodes.size()];
    io.kubra.model.core.v1.NodeAffinity affinity = affinity(pod);
    if (affinity == null) {
      return raw;
    }
    for (PreferredSchedulingTerm term :
        affinity.preferredDuringSchedulingIgnoredDuringExecution()) {
      NodeSelectorTerm preference = term.preference();
      for (int i = 0; i < raw.length; i++) {
        if (preference != null && matches(preference, nodes.get(i))) {
          raw[i] += term.weight();
        }
      }
    }
    return ScorePlugin.normalised(raw, false);
  }

  private static boolean matches(NodeSelectorTerm term, NodeState node) {
    Node known = node.node();
    return known != null && NodeSelectors.matches(term, node.name(), known.metadata().labels());
  }
}
