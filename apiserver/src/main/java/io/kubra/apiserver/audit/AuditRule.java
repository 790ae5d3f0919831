package io.kubra.apiserver.audit;

import io.kubra.apiserver.auth.RequestAttributes;
import java.util.List;
import java.util.Set;

/**
 * Which requests are recorded at which level. Lists that are empty do not narrow the rule; a rule
 * with namespaces or resources is about resources only, one with URLs about nothing else.
 */
record AuditRule(
    AuditDecision decision,
    List<String> users,
    List<String> userGroups,
    List<String> verbs,
    List<Resources> resources,
    List<String> namespaces,
    List<String> nonResourceUrls) {

  /**
   * Resources of one group: {@code pods}, {@code pods/log}, {@code pods/*}, {@code *&#47;scale}.
   */
  record Resources(String group, List<String> resources, List<String> names) {
    boolean match(RequestAttributes request) {
      if (!group.equals(request.group())) {
        return false;
      }
      if (resources.isEmpty()) {
        return true;
      }
      if (!names.isEmpty() && !names.contains(request.name())) {
        return false;
      }
      String sub = request.subresource();
      String combined = sub.isEmpty() ? request.resource() : request.resource() + "/" + sub;
      for (String wanted : resources) {
        if (wanted.equals("*") || wanted.equals(combined)) {
          return true;
        }
        if (sub.isEmpty()) {
          continue;
        }
        if (wanted.equals("*/" + sub) || wanted.equals(request.resource() + "/*")) {
          return true;
        }
      }
      return false;
    }
  }

  boolean matches(RequestAttributes request) {
    if (!users.isEmpty() && !users.contains(request.user().name())) {
      return false;
    }
    if (!userGroups.isEmpty() && userGroups.stream().noneMatch(request.user()::in)) {
      return false;
    }
    if (!verbs.isEmpty() && !verbs.contains(request.verb())) {
      return false;
    }
    if (!namespaces.isEmpty() || !resources.isEmpty()) {
      return request.resourceRequest() && matchesResource(request);
    }
    if (!nonResourceUrls.isEmpty()) {
      return !request.resourceRequest()
          && nonResourceUrls.stream().anyMatch(url -> matchesUrl(url, request.path()));
    }
    return true;
  }

  private boolean matchesResource(RequestAttributes request) {
    if (!namespaces.isEmpty() && !namespaces.contains(request.namespace())) {
      return false;
    }
    return resources.isEmpty() || resources.stream().anyMatch(r -> r.match(request));
  }

  private static boolean matchesUrl(String url, String path) {
    return url.equals("*")
        || url.equals(path)
        || (url.endsWith("*") && path.startsWith(url.substring(0, url.length() - 1)));
  }

  /** How a request is recorded. */
  record AuditDecision(AuditLevel level, Set<String> omittedStages, boolean omitManagedFields) {
    static final AuditDecision NONE = new AuditDecision(AuditLevel.NONE, Set.of(), false);

    boolean records(AuditStage stage) {
      return level != AuditLevel.NONE && !omittedStages.contains(stage.text());
    }
  }
}
