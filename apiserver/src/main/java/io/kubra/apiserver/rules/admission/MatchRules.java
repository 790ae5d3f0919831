package io.kubra.apiserver.rules.admission;

import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.check.Checks;
import java.util.List;
import java.util.Map;

/** Checks of rules that say which requests are meant. */
final class MatchRules {
  private MatchRules() {}

  static void check(Checks checks, FieldPath path, List<Map<String, Object>> rules) {
    for (int i = 0; i < rules.size(); i++) {
      FieldPath at = path.index(i);
      Map<String, Object> rule = rules.get(i);
      List<String> operations = Trees.strings(rule, "operations");
      if (operations.isEmpty()) {
        checks.required(at.child("operations"), "");
      }
      if (operations.size() > 1 && operations.contains("*")) {
        checks.invalid(
            at.child("operations"),
            operations,
            "if '*' is present, must not specify other operations");
      }
      for (int j = 0; j < operations.size(); j++) {
        checks.oneOf(
            at.child("operations").index(j),
            operations.get(j),
            "*",
            "CONNECT",
            "CREATE",
            "DELETE",
            "UPDATE");
      }
      for (String field : List.of("apiGroups", "apiVersions", "resources")) {
        List<String> values = Trees.strings(rule, field);
        if (values.isEmpty()) {
          checks.required(at.child(field), "");
        } else if (values.size() > 1 && values.contains("*") && !field.equals("resources")) {
          checks.invalid(
              at.child(field), values, "if '*' is present, must not specify other " + words(field));
        }
      }
      checks.oneOfOrAbsent(
          at.child("scope"), Trees.string(rule, "scope"), "*", "Cluster", "Namespaced");
    }
  }

  private static String words(String field) {
    return field.equals("apiGroups") ? "API groups" : "API versions";
  }
}
