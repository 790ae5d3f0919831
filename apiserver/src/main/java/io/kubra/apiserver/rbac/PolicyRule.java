package io.kubra.apiserver.rbac;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.RequestAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One rule of a role: verbs on resources, or on paths. */
public record PolicyRule(
    List<String> verbs,
    List<String> groups,
    List<String> resources,
    List<String> names,
    List<String> paths) {
  private static final String ANY = "*";

  public PolicyRule {
    verbs = List.copyOf(verbs);
    groups = List.copyOf(groups);
    resources = List.copyOf(resources);
    names = List.copyOf(names);
    paths = List.copyOf(paths);
  }

  /** Reads the rules of a Role or ClusterRole. */
  public static List<PolicyRule> listOf(Map<String, Object> role) {
    return Trees.list(role, "rules").stream().map(PolicyRule::of).toList();
  }

  /** Reads one rule. */
  public static PolicyRule of(Object tree) {
    return new PolicyRule(
        strings(tree, "verbs"),
        strings(tree, "apiGroups"),
        strings(tree, "resources"),
        strings(tree, "resourceNames"),
        strings(tree, "nonResourceURLs"));
  }

  private static List<String> strings(Object tree, String field) {
    return Trees.list(tree, field).stream().map(String::valueOf).toList();
  }

  /** Writes the rule as it stands in an object. */
  public Map<String, Object> toTree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    put(tree, "apiGroups", groups);
    put(tree, "nonResourceURLs", paths);
    put(tree, "resourceNames", names);
    put(tree, "resources", resources);
    tree.put("verbs", new java.util.ArrayList<Object>(verbs));
    return tree;
  }

  private static void put(Map<String, Object> tree, String field, List<String> values) {
    if (!values.isEmpty()) {
      tree.put(field, new java.util.ArrayList<Object>(values));
    }
  }

  /** Whether the rule allows what is asked. */
  public boolean allows(RequestAttributes asked) {
    return asked.resourceRequest()
        ? contains(verbs, asked.verb())
            && contains(groups, asked.group())
            && allowsResource(asked.resource(), asked.subresource())
            && (names.isEmpty() || names.contains(asked.name()))
        : contains(verbs, asked.verb()) && allowsPath(asked.path());
  }

  private static boolean contains(List<String> values, String value) {
    for (int i = 0; i < values.size(); i++) {
      String each = values.get(i);
      if (each.equals(value) || each.equals(ANY)) {
        return true;
      }
    }
    return false;
  }

  private boolean allowsResource(String resource, String subresource) {
    for (int i = 0; i < resources.size(); i++) {
      String each = resources.get(i);
      if (each.equals(ANY)) {
        return true;
      }
      if (subresource.isEmpty()) {
        if (each.equals(resource)) {
          return true;
        }
      } else if (endsWithSubresource(each, subresource)) {
        int slash = each.length() - subresource.length() - 1;
        boolean anyResource = slash == 1 && each.charAt(0) == '*';
        if (anyResource || (slash == resource.length() && each.startsWith(resource))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean endsWithSubresource(String each, String subresource) {
    int slash = each.length() - subresource.length() - 1;
    return slash > 0 && each.charAt(slash) == '/' && each.endsWith(subresource);
  }

  /** Whether the rule allows requests for the path. */
  boolean allowsPath(String path) {
    for (String each : paths) {
      if (each.equals(ANY)
          || each.equals(path)
          || (each.endsWith("*") && path.startsWith(each.substring(0, each.length() - 1)))) {
        return true;
      }
    }
    return false;
  }

  /** The short form that refusals show. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    append(text, "APIGroups", groups);
    append(text, "Resources", resources);
    append(text, "ResourceNames", names);
    append(text, "NonResourceURLs", paths);
    append(text, "Verbs", verbs);
    return text.append('}').toString();
  }

  private static void append(StringBuilder text, String title, List<String> values) {
    if (values.isEmpty()) {
      return;
    }
    if (text.length() > 1) {
      text.append(", ");
    }
    text.append(title)
        .append(
            values.stream().map(v -> '"' + v + '"').collect(Collectors.joining(" ", ":[", "]")));
  }
}
