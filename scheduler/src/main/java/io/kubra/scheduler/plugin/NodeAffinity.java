package io.kubra.scheduler.plugin;

import io.kubra.model.core.v1.Affinity;
import io.kubra.model.core.v1.NodeSelectorRequirement;
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

  /** Whether a node satisfies a term; an empty term satisfies no node. */
  static boolean matches(NodeSelectorTerm term, NodeState node) {
    if (term.matchExpressions().isEmpty() && term.matchFields().isEmpty()) {
      return false;
    }
    for (NodeSelectorRequirement r : term.matchExpressions()) {
      if (!holds(r, node.label(r.key()))) {
        return false;
      }
    }
    for (NodeSelectorRequirement r : term.matchFields()) {
      if (!holds(r, r.key().equals("metadata.name") ? node.name() : null)) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(NodeSelectorRequirement r, @Nullable String value) {
    return switch (r.operator()) {
      case "In" -> value != null && r.values().contains(value);
      case "NotIn" -> value == null || !r.values().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> compare(r, value) > 0;
      case "Lt" -> compare(r, value) < 0;
      default -> false;
    };
  }

  private static int compare(NodeSelectorRequirement r, @Nullable String value) {
    try {
      return value == null || r.values().size() != 1
          ? 0
          : Long.compare(Long.parseLong(value), Long.parseLong(r.values().getFirst()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
