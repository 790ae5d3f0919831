package io.kubra.client.match;

import io.kubra.model.meta.v1.LabelSelector;
import io.kubra.model.meta.v1.LabelSelectorRequirement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Matching of label selectors as objects carry them. */
public final class Selectors {
  private Selectors() {}

  /** Whether a selector selects the labels; an absent one selects nothing, an empty one all. */
  public static boolean matches(@Nullable LabelSelector selector, Map<String, String> labels) {
    if (selector == null) {
      return false;
    }
    if (!matchesAll(selector.matchLabels(), labels)) {
      return false;
    }
    for (LabelSelectorRequirement r : selector.matchExpressions()) {
      String value = labels.get(r.key());
      boolean holds =
          switch (r.operator()) {
            case "In" -> value != null && r.values().contains(value);
            case "NotIn" -> value == null || !r.values().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
          };
      if (!holds) {
        return false;
      }
    }
    return true;
  }

  /** Whether all wanted labels are there. */
  public static boolean matchesAll(Map<String, String> wanted, Map<String, String> labels) {
    for (Map.Entry<String, String> e : wanted.entrySet()) {
      if (!e.getValue().equals(labels.get(e.getKey()))) {
        return false;
      }
    }
    return true;
  }
}
