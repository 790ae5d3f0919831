package io.kubra.apiserver.audit;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.audit.AuditRule.AuditDecision;
import io.kubra.apiserver.auth.RequestAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is recorded of which requests: {@code Policy} of {@code audit.k8s.io/v1}. The first rule
 * that matches decides; what matches none is not recorded.
 */
public final class AuditPolicy {
  private static final Set<String> STAGES =
      Arrays.stream(AuditStage.values()).map(AuditStage::text).collect(Collectors.toSet());
  private static final Set<String> RULE_FIELDS =
      Set.of(
          "level",
          "users",
          "userGroups",
          "verbs",
          "resources",
          "namespaces",
          "nonResourceURLs",
          "omitStages",
          "omitManagedFields");

  private final List<AuditRule> rules;

  private AuditPolicy(List<AuditRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Reads a Policy.
   *
   * @throws IllegalArgumentException saying which field is wrong
   */
  public static AuditPolicy of(Map<String, Object> tree) {
    if (!"audit.k8s.io/v1".equals(tree.get("apiVersion")) || !"Policy".equals(tree.get("kind"))) {
      throw new IllegalArgumentException(
          "expected a Policy of audit.k8s.io/v1, not %s of %s"
              .formatted(tree.get("kind"), tree.get("apiVersion")));
    }
    List<Map<String, Object>> all = Trees.maps(tree, "rules");
    if (all.isEmpty()) {
      throw new IllegalArgumentException("rules: there are none");
    }
    Set<String> omitted = stages(tree, "omitStages");
    boolean omitManaged = Trees.bool(tree, "omitManagedFields");
    List<AuditRule> rules = new ArrayList<>(all.size());
    for (int i = 0; i < all.size(); i++) {
      rules.add(rule(all.get(i), "rules[" + i + "]", omitted, omitManaged));
    }
    return new AuditPolicy(rules);
  }

  private static AuditRule rule(
      Map<String, Object> tree, String path, Set<String> omitted, boolean omitManaged) {
    for (String field : tree.keySet()) {
      if (!RULE_FIELDS.contains(field)) {
        throw new IllegalArgumentException(path + ": unknown field \"" + field + '"');
      }
    }
    String level = Trees.stringOr(tree, "", "level");
    AuditLevel known =
        AuditLevel.of(level)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "%s.level: Unsupported value: \"%s\": supported values: \"Metadata\", \"None\", \"Request\", \"RequestResponse\""
                            .formatted(path, level)));
    List<AuditRule.Resources> resources =
        Trees.maps(tree, "resources").stream()
            .map(
                r ->
                    new AuditRule.Resources(
                        Trees.stringOr(r, "", "group"),
                        Trees.strings(r, "resources"),
                        Trees.strings(r, "resourceNames")))
            .toList();
    List<String> namespaces = Trees.strings(tree, "namespaces");
    List<String> urls = Trees.strings(tree, "nonResourceURLs");
    if (!urls.isEmpty() && (!resources.isEmpty() || !namespaces.isEmpty())) {
      throw new IllegalArgumentException(
          path
              + ".nonResourceURLs: Invalid value: "
              + urls
              + ": rules cannot apply to both regular resources and non-resource URLs");
    }
    check(path, resources, urls);
    Set<String> stages = new HashSet<>(stages(tree, "omitStages"));
    stages.addAll(omitted);
    Object managed = tree.get("omitManagedFields");
    return new AuditRule(
        new AuditDecision(
            known, Set.copyOf(stages), managed instanceof Boolean own ? own : omitManaged),
        Trees.strings(tree, "users"),
        Trees.strings(tree, "userGroups"),
        Trees.strings(tree, "verbs"),
        resources,
        namespaces,
        urls);
  }

  private static void check(String path, List<AuditRule.Resources> resources, List<String> urls) {
    for (AuditRule.Resources r : resources) {
      if (!r.names().isEmpty() && r.resources().isEmpty()) {
        throw new IllegalArgumentException(
            path
                + ".resources.resourceNames: Invalid value: "
                + r.names()
                + ": using resourceNames requires at least one resource");
      }
    }
    for (String url : urls) {
      boolean inside = url.indexOf('*') >= 0 && url.indexOf('*') < url.length() - 1;
      if (!url.equals("*") && (!url.startsWith("/") || inside)) {
        throw new IllegalArgumentException(
            "%s.nonResourceURLs: Invalid value: \"%s\": %s"
                .formatted(
                    path,
                    url,
                    inside
                        ? "non-resource URL wildcards '*' must be the final character of the rule"
                        : "non-resource URL rules must begin with a '/' character"));
      }
    }
  }

  private static Set<String> stages(Map<String, Object> tree, String field) {
    Set<String> stages = new HashSet<>(Trees.strings(tree, field));
    for (String stage : stages) {
      if (!STAGES.contains(stage)) {
        throw new IllegalArgumentException(
            "%s: Invalid value: \"%s\": allowed stages are %s".formatted(field, stage, STAGES));
      }
    }
    return stages;
  }

  /** How a request is recorded. */
  AuditDecision decide(RequestAttributes request) {
    for (AuditRule rule : rules) {
      if (rule.matches(request)) {
        return rule.decision();
      }
    }
    return AuditDecision.NONE;
  }
}
