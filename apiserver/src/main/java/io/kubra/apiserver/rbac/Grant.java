package io.kubra.apiserver.rbac;

import io.kubra.apiserver.auth.Decision;
import io.kubra.apiserver.auth.RequestAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one binding gives to one subject: the role's rules, arranged to be found by resource. */
final class Grant {
  private static final PolicyRule[] NONE = {};
  private final Decision decision;
  private final List<PolicyRule> rules;
  private final Map<String, PolicyRule[]> byResource;
  private final PolicyRule[] anyResource;
  private final PolicyRule[] forPaths;

  Grant(List<PolicyRule> rules, String reason) {
    this.rules = rules;
    decision = new Decision(Decision.Verdict.ALLOW, reason);
    Map<String, List<PolicyRule>> index = new HashMap<>();
    List<PolicyRule> any = new ArrayList<>();
    List<PolicyRule> paths = new ArrayList<>();
    for (PolicyRule rule : rules) {
      if (!rule.paths().isEmpty()) {
        paths.add(rule);
      }
      for (String resource : rule.resources()) {
        if (resource.startsWith("*")) {
          any.add(rule);
        } else {
          int slash = resource.indexOf('/');
          String name = slash < 0 ? resource : resource.substring(0, slash);
          List<PolicyRule> listed = index.computeIfAbsent(name, n -> new ArrayList<>(2));
          if (!listed.contains(rule)) {
            listed.add(rule);
          }
        }
      }
    }
    byResource = new HashMap<>();
    index.forEach((resource, list) -> byResource.put(resource, list.toArray(NONE)));
    anyResource = any.toArray(NONE);
    forPaths = paths.toArray(NONE);
  }

  List<PolicyRule> rules() {
    return rules;
  }

  Decision decision() {
    return decision;
  }

  boolean allows(RequestAttributes asked) {
    return asked.resourceRequest()
        ? any(anyResource, asked) || any(byResource.getOrDefault(asked.resource(), NONE), asked)
        : any(forPaths, asked);
  }

  private static boolean any(PolicyRule[] rules, RequestAttributes asked) {
    for (PolicyRule rule : rules) {
      if (rule.allows(asked)) {
        return true;
      }
    }
    return false;
  }
}
