package io.kubra.apiserver.rules.admission;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Labels;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks of rules that say which requests are meant. */
final class MatchRules {
  private static final int MOST_CONDITIONS = 64;

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
      for (String field : List.of("apiGroups", "apiVersions")) {
        List<String> values = Trees.strings(rule, field);
        if (values.isEmpty()) {
          checks.required(at.child(field), "");
        } else if (values.size() > 1 && values.contains("*")) {
          checks.invalid(
              at.child(field), values, "if '*' is present, must not specify other " + words(field));
        }
        if (field.equals("apiVersions") && values.contains("")) {
          checks.required(at.child(field).index(values.indexOf("")), "");
        }
      }
      resources(checks, at.child("resources"), Trees.strings(rule, "resources"));
      checks.oneOfOrAbsent(
          at.child("scope"), Trees.string(rule, "scope"), "*", "Cluster", "Namespaced");
    }
  }

  /** What a wildcard means already must not be named beside it. */
  private static void resources(Checks checks, FieldPath at, List<String> resources) {
    if (resources.isEmpty()) {
      checks.required(at, "");
    }
    Set<String> wholly = new HashSet<>();
    Set<String> everywhere = new HashSet<>();
    boolean plain = false;
    for (int i = 0; i < resources.size(); i++) {
      String text = resources.get(i);
      int slash = text.indexOf('/');
      if (text.isEmpty()) {
        checks.required(at.index(i), "");
      } else if (slash < 0) {
        plain |= !text.equals("*");
      } else {
        String resource = text.substring(0, slash);
        String sub = text.substring(slash + 1);
        if (wholly.contains(resource)) {
          checks.invalid(
              at.index(i), text, "if '" + resource + "/*' is present, must not specify " + text);
        }
        if (everywhere.contains(sub)) {
          checks.invalid(
              at.index(i), text, "if '*/" + sub + "' is present, must not specify " + text);
        }
        if (sub.equals("*")) {
          wholly.add(resource);
        }
        if (resource.equals("*")) {
          everywhere.add(sub);
        }
      }
    }
    if (resources.size() > 1 && resources.contains("*/*")) {
      checks.invalid(at, resources, "if '*/*' is present, must not specify other resources");
    }
    if (resources.contains("*") && plain) {
      checks.invalid(
          at,
          resources,
          "if '*' is present, must not specify other resources without subresources");
    }
  }

  /** Checks {@code matchConstraints} or {@code matchResources}. */
  static void checkResources(Checks checks, FieldPath at, Map<String, Object> matching) {
    checks.oneOf(
        at.child("matchPolicy"), Trees.string(matching, "matchPolicy"), "Equivalent", "Exact");
    Labels.selector(
        checks, at.child("namespaceSelector"), Trees.map(matching, "namespaceSelector"));
    Labels.selector(checks, at.child("objectSelector"), Trees.map(matching, "objectSelector"));
    for (String list : List.of("resourceRules", "excludeResourceRules")) {
      List<Map<String, Object>> rules = Trees.maps(matching, list);
      check(checks, at.child(list), rules);
      for (int i = 0; i < rules.size(); i++) {
        names(checks, at.child(list).index(i).child("resourceNames"), rules.get(i));
      }
    }
  }

  private static void names(Checks checks, FieldPath at, Map<String, Object> rule) {
    Set<String> seen = new HashSet<>();
    List<String> names = Trees.strings(rule, "resourceNames");
    for (int i = 0; i < names.size(); i++) {
      for (String problem : Names.pathSegment(names.get(i))) {
        checks.invalid(at.index(i), names.get(i), problem);
      }
      if (!seen.add(names.get(i))) {
        checks.duplicate(at.index(i), names.get(i));
      }
    }
  }

  /** Checks names and presence of match conditions; whether they compile is for others. */
  static void conditions(Checks checks, FieldPath at, List<Map<String, Object>> conditions) {
    if (conditions.size() > MOST_CONDITIONS) {
      checks.add(FieldError.tooMany(at, conditions.size(), MOST_CONDITIONS));
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < conditions.size(); i++) {
      String name = Trees.stringOr(conditions.get(i), "", "name");
      FieldPath place = at.index(i);
      checks.present(
          place.child("expression"),
          Trees.stringOr(conditions.get(i), "", "expression").strip(),
          "");
      if (name.isEmpty()) {
        checks.required(place.child("name"), "");
        continue;
      }
      for (String problem : Names.qualifiedName(name)) {
        checks.invalid(place.child("name"), name, problem);
      }
      if (!seen.add(name)) {
        checks.duplicate(place.child("name"), name);
      }
    }
  }

  private static String words(String field) {
    return field.equals("apiGroups") ? "API groups" : "API versions";
  }
}
