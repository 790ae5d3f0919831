package io.kubra.scheduler.plugin;

import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.LabelSelector;
import io.kubra.model.meta.v1.LabelSelectorRequirement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Matching of label selectors with pods. */
final class Labels {
  private Labels() {}

  /** Whether a selector selects a pod; an absent one selects none. */
  static boolean match(@Nullable LabelSelector selector, Pod pod) {
    return selector != null && match(selector, pod.metadata().labels());
  }

  static boolean match(LabelSelector selector, Map<String, String> labels) {
    for (Map.Entry<String, String> wanted : selector.matchLabels().entrySet()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        return false;
      }
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
}
