package io.kubra.apiserver.review;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.rbac.PolicyRule;
import io.kubra.apiserver.rbac.RbacAuthorizer;
import io.kubra.apiserver.request.CreateHandler;
import io.kubra.apiserver.request.RequestContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers SelfSubjectRulesReviews: what may I do in this namespace? */
public final class RulesReviews implements CreateHandler {
  private static final PolicyRule ALL_RESOURCES =
      new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of());
  private static final PolicyRule ALL_PATHS =
      new PolicyRule(List.of("*"), List.of(), List.of(), List.of(), List.of("*"));
  private final RbacAuthorizer rbac;

  public RulesReviews(RbacAuthorizer rbac) {
    this.rbac = rbac;
  }

  @Override
  public Map<String, Object> create(RequestContext context, Map<String, Object> body) {
    String namespace = Trees.stringOr(body, "", "spec", "namespace");
    if (namespace.isEmpty()) {
      throw ApiException.badRequest("no namespace on request");
    }
    List<Object> resources = new ArrayList<>();
    List<Object> paths = new ArrayList<>();
    for (PolicyRule rule : rules(context.user(), namespace)) {
      Map<String, Object> tree = rule.toTree();
      Object urls = tree.remove("nonResourceURLs");
      if (urls == null) {
        resources.add(tree);
      } else {
        Map<String, Object> path = new LinkedHashMap<>();
        path.put("verbs", new ArrayList<Object>(rule.verbs()));
        path.put("nonResourceURLs", urls);
        paths.add(path);
      }
    }
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("resourceRules", resources);
    status.put("nonResourceRules", paths);
    status.put("incomplete", false);
    body.put("status", status);
    return body;
  }

  private List<PolicyRule> rules(UserInfo user, String namespace) {
    List<PolicyRule> rules = new ArrayList<>(rbac.rulesFor(user, namespace));
    if (user.in(UserInfo.MASTERS)) {
      rules.add(0, ALL_RESOURCES);
      rules.add(1, ALL_PATHS);
    }
    return rules;
  }
}
