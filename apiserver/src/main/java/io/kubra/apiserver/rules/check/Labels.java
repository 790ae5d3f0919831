package io.kubra.apiserver.rules.check;

import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.LabelSelectorRules;
import io.kubra.api.validation.ObjectMetaRules;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks of labels and selectors inside of objects. */
public final class Labels {
  private Labels() {}

  /** Checks a map of labels, at the path of the map. */
  public static void labels(Checks checks, FieldPath path, @Nullable Map<String, Object> labels) {
    checks.addAll(ObjectMetaRules.labels(labels, path));
  }

  /** Checks a map of annotations, at the path of the map. */
  public static void annotations(
      Checks checks, FieldPath path, @Nullable Map<String, Object> annotations) {
    checks.addAll(ObjectMetaRules.annotations(annotations, path));
  }

  /** Checks a label selector object; null is fine. */
  public static void selector(
      Checks checks, FieldPath path, @Nullable Map<String, Object> selector) {
    if (selector != null) {
      checks.addAll(LabelSelectorRules.validate(selector, path));
    }
  }

  /** Whether a label selector object has no conditions at all. */
  public static boolean isEmpty(@Nullable Map<String, Object> selector) {
    if (selector == null) {
      return true;
    }
    Map<String, Object> labels = Trees.map(selector, "matchLabels");
    return (labels == null || labels.isEmpty())
        && Trees.list(selector, "matchExpressions").isEmpty();
  }
}
