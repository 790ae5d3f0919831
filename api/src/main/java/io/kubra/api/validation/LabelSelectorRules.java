package io.kubra.api.validation;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of label selectors in their object form. */
public final class LabelSelectorRules {
  private LabelSelectorRules() {}

  /** Checks a selector; null is fine. */
  public static List<FieldError> validate(@Nullable Map<String, Object> selector, FieldPath path) {
    List<FieldError> errors = new ArrayList<>();
    if (selector == null) {
      return errors;
    }
    errors.addAll(
        ObjectMetaRules.labels(Trees.map(selector, "matchLabels"), path.child("matchLabels")));
    int i = 0;
    for (Object requirement : Trees.list(selector, "matchExpressions")) {
      requirement(requirement, path.child("matchExpressions").index(i++), errors);
    }
    return errors;
  }

  private static void requirement(Object requirement, FieldPath path, List<FieldError> errors) {
    String operator = Trees.stringOr(requirement, "", "operator");
    List<String> values = Trees.strings(requirement, "values");
    switch (operator) {
      case "In", "NotIn" -> {
        if (values.isEmpty()) {
          errors.add(
              FieldError.required(
                  path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"));
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!values.isEmpty()) {
          errors.add(
              FieldError.forbidden(
                  path.child("values"),
                  "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        }
      }
      default ->
          errors.add(
              FieldError.invalid(
                  path.child("operator"), operator, "not a valid selector operator"));
    }
    String key = Trees.stringOr(requirement, "", "key");
    for (String problem : Names.qualifiedName(key)) {
      errors.add(FieldError.invalid(path.child("key"), key, problem));
    }
    for (int i = 0; i < values.size(); i++) {
      for (String problem : Names.labelValue(values.get(i))) {
        errors.add(FieldError.invalid(path.child("values").index(i), values.get(i), problem));
      }
    }
  }
}
