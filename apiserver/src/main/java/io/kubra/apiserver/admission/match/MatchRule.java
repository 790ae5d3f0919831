package io.kubra.apiserver.admission.match;

import io.kubra.api.meta.GroupVersionResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import java.util.List;
import java.util.Map;

/**
 * One {@code RuleWithOperations}: operations on resources; {@code *} stands for all.
 *
 * @param resources such as {@code pods}, {@code pods/status}, {@code *}, <code>*&#47;*</code>
 * @param names names of objects, empty for all (policies only)
 * @param scope {@code Cluster}, {@code Namespaced} or {@code *}
 */
public record MatchRule(
    List<String> operations,
    List<String> groups,
    List<String> versions,
    List<String> resources,
    List<String> names,
    String scope) {
  private static final String ALL = "*";

  /** Reads a list of rules. */
  public static List<MatchRule> of(List<Map<String, Object>> rules) {
    return rules.stream()
        .map(
            r ->
                new MatchRule(
                    Trees.strings(r, "operations"),
                    Trees.strings(r, "apiGroups"),
                    Trees.strings(r, "apiVersions"),
                    Trees.strings(r, "resources"),
                    Trees.strings(r, "resourceNames"),
                    Trees.stringOr(r, ALL, "scope")))
        .toList();
  }

  /** Whether the request is meant, if it was for this version of the resource. */
  boolean matches(AdmissionContext request, GroupVersionResource resource) {
    return has(operations, request.operation().name())
        && has(groups, resource.group())
        && has(versions, resource.version())
        && meansResource(resource.resource(), request.subresource())
        && meansScope(request)
        && (names.isEmpty() || names.contains(request.name()));
  }

  private static boolean has(List<String> wanted, String actual) {
    return wanted.contains(ALL) || wanted.contains(actual);
  }

  private boolean meansResource(String resource, String subresource) {
    for (String text : resources) {
      int slash = text.indexOf('/');
      String wanted = slash < 0 ? text : text.substring(0, slash);
      String wantedSub = slash < 0 ? "" : text.substring(slash + 1);
      if ((wanted.equals(ALL) || wanted.equals(resource))
          && (wantedSub.equals(ALL) || wantedSub.equals(subresource))) {
        return true;
      }
    }
    return false;
  }

  private boolean meansScope(AdmissionContext request) {
    // Of namespaces the request's namespace is the object itself, which is cluster-scoped.
    boolean namespaced = !request.namespace().isEmpty() && !Targets.isNamespace(request);
    return switch (scope) {
      case "Namespaced" -> namespaced;
      case "Cluster" -> !namespaced;
      default -> true;
    };
  }
}
