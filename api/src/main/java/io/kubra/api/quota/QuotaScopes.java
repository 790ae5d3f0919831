package io.kubra.api.quota;

import io.kubra.api.tree.Trees;
import java.util.List;
import java.util.Map;

/** Which objects a quota counts: those in all of its scopes. Scopes are a matter of pods only. */
public final class QuotaScopes {
  private QuotaScopes() {}

  /** Whether a quota counts an object. */
  public static boolean covers(
      Map<String, Object> quota, String group, String resource, Map<String, Object> object) {
    List<String> scopes = Trees.strings(quota, "spec", "scopes");
    List<Map<String, Object>> selectors =
        Trees.maps(quota, "spec", "scopeSelector", "matchExpressions");
    if (scopes.isEmpty() && selectors.isEmpty()) {
      return true;
    }
    if (!group.isEmpty() || !resource.equals("pods")) {
      return false;
    }
    for (String scope : scopes) {
      if (!in(scope, "Exists", List.of(), object)) {
        return false;
      }
    }
    for (Map<String, Object> selector : selectors) {
      if (!in(
          Trees.stringOr(selector, "", "scopeName"),
          Trees.stringOr(selector, "Exists", "operator"),
          Trees.strings(selector, "values"),
          object)) {
        return false;
      }
    }
    return true;
  }

  private static boolean in(
      String scope, String operator, List<String> values, Map<String, Object> pod) {
    boolean terminating = Trees.integer(pod, "spec", "activeDeadlineSeconds") != null;
    return switch (scope) {
      case "Terminating" -> terminating;
      case "NotTerminating" -> !terminating;
      case "BestEffort" -> bestEffort(pod);
      case "NotBestEffort" -> !bestEffort(pod);
      case "CrossNamespacePodAffinity" -> crossesNamespaces(pod);
      case "PriorityClass" -> {
        String name = Trees.stringOr(pod, "", "spec", "priorityClassName");
        yield switch (operator) {
          case "In" -> values.contains(name);
          case "NotIn" -> !values.contains(name);
          case "DoesNotExist" -> name.isEmpty();
          default -> !name.isEmpty();
        };
      }
      default -> false;
    };
  }

  private static boolean bestEffort(Map<String, Object> pod) {
    return PodResources.of(pod, "requests").isEmpty() && PodResources.of(pod, "limits").isEmpty();
  }

  private static boolean crossesNamespaces(Map<String, Object> pod) {
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      for (Map<String, Object> term :
          Trees.maps(
              pod, "spec", "affinity", kind, "requiredDuringSchedulingIgnoredDuringExecution")) {
        if (crosses(term)) {
          return true;
        }
      }
      for (Map<String, Object> weighted :
          Trees.maps(
              pod, "spec", "affinity", kind, "preferredDuringSchedulingIgnoredDuringExecution")) {
        if (crosses(Trees.map(weighted, "podAffinityTerm"))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean crosses(@org.jspecify.annotations.Nullable Map<String, Object> term) {
    return !Trees.list(term, "namespaces").isEmpty()
        || Trees.map(term, "namespaceSelector") != null;
  }
}
