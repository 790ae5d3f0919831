package io.kubra.client.match;

import io.kubra.model.core.v1.NodeSelector;
import io.kubra.model.core.v1.NodeSelectorRequirement;
import io.kubra.model.core.v1.NodeSelectorTerm;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Matching of node selectors, as node affinity and volumes carry them, with nodes. */
public final class NodeSelectors {
  private NodeSelectors() {}

  /** Whether a node satisfies at least one term. */
  public static boolean matches(NodeSelector selector, String name, Map<String, String> labels) {
    return matches(selector.nodeSelectorTerms(), name, labels);
  }

  /** Whether a node satisfies at least one of the terms. */
  public static boolean matches(
      List<NodeSelectorTerm> terms, String name, Map<String, String> labels) {
    for (NodeSelectorTerm term : terms) {
      if (matches(term, name, labels)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a node satisfies all of a term; an empty term satisfies no node. */
  public static boolean matches(NodeSelectorTerm term, String name, Map<String, String> labels) {
    if (term.matchExpressions().isEmpty() && term.matchFields().isEmpty()) {
      return false;
    }
    for (NodeSelectorRequirement r : term.matchExpressions()) {
      if (!holds(r, labels.get(r.key()))) {
        return false;
      }
    }
    for (NodeSelectorRequirement r : term.matchFields()) {
      if (!holds(r, r.key().equals("metadata.name") ? name : null)) {
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
