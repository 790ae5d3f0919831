package io.kubra.apiserver.rules.check;

import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks of labels and selectors inside of objects. */
public final class Labels {
  private static final int ANNOTATION_LIMIT = 256 * 1024;

  private Labels() {}

  /** Checks a map of labels, at the path of the map. */
  public static void labels(Checks checks, FieldPath path, @Nullable Map<String, Object> labels) {
    if (labels == null) {
      return;
    }
    labels.forEach(
        (key, value) -> {
          checks.name(path, key, Names::qualifiedName);
          if (value instanceof String text) {
            for (String problem : Names.labelValue(text)) {
              checks.invalid(path, text, problem);
            }
          }
        });
  }

  /** Checks a map of annotations, at the path of the map. */
  public static void annotations(
      Checks checks, FieldPath path, @Nullable Map<String, Object> annotations) {
    if (annotations == null) {
      return;
    }
    long size = 0;
    for (Map.Entry<String, Object> e : annotations.entrySet()) {
      checks.name(path, e.getKey().toLowerCase(java.util.Locale.ROOT), Names::qualifiedName);
      size += e.getKey().length() + String.valueOf(e.getValue()).length();
    }
    if (size > ANNOTATION_LIMIT) {
      checks.add(io.kubra.api.status.FieldError.tooLong(path, "", ANNOTATION_LIMIT));
    }
  }

  /** Checks a label selector object; null is fine. */
  public static void selector(
      Checks checks, FieldPath path, @Nullable Map<String, Object> selector) {
    if (selector == null) {
      return;
    }
    labels(checks, path.child("matchLabels"), Trees.map(selector, "matchLabels"));
    int i = 0;
    for (Map<String, Object> expression : Trees.maps(selector, "matchExpressions")) {
      expression(checks, path.child("matchExpressions").index(i++), expression);
    }
  }

  private static void expression(Checks checks, FieldPath path, Map<String, Object> expression) {
    List<String> values = Trees.strings(expression, "values");
    switch (Trees.stringOr(expression, "", "operator")) {
      case "In", "NotIn" -> {
        if (values.isEmpty()) {
          checks.required(
              path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!values.isEmpty()) {
          checks.forbidden(
              path.child("values"),
              "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
      }
      default ->
          checks.invalid(
              path.child("operator"),
              Trees.stringOr(expression, "", "operator"),
              "not a valid selector operator");
    }
    checks.name(path.child("key"), Trees.stringOr(expression, "", "key"), Names::qualifiedName);
    for (int i = 0; i < values.size(); i++) {
      for (String problem : Names.labelValue(values.get(i))) {
        checks.invalid(path.child("values").index(i), values.get(i), problem);
      }
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
