package io.kubra.apiserver.admission.match;

import io.kubra.api.selector.LabelSelector;
import io.kubra.api.tree.Trees;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook or policy says of the requests it is meant for.
 *
 * @param rules at least one must match
 * @param anyResource whether no rules at all mean every resource, as in bindings of policies
 * @param excluded none may match
 * @param equivalent whether requests for other versions of the same resource are meant as well
 */
public record MatchCriteria(
    List<MatchRule> rules,
    boolean anyResource,
    List<MatchRule> excluded,
    boolean equivalent,
    LabelSelector namespaces,
    LabelSelector objects) {

  /** Reads a webhook: its rules, match policy and selectors. */
  public static MatchCriteria ofWebhook(Map<String, Object> webhook) {
    return read(webhook, "rules", false);
  }

  /** Reads {@code matchConstraints} of a policy. */
  public static MatchCriteria ofPolicy(@Nullable Map<String, Object> constraints) {
    return read(constraints == null ? Map.of() : constraints, "resourceRules", false);
  }

  /** Reads {@code matchResources} of a binding; absent, it means every request. */
  public static MatchCriteria ofBinding(@Nullable Map<String, Object> resources) {
    return read(resources == null ? Map.of() : resources, "resourceRules", true);
  }

  private static MatchCriteria read(Map<String, Object> tree, String rules, boolean anyResource) {
    List<MatchRule> all = MatchRule.of(Trees.maps(tree, rules));
    return new MatchCriteria(
        all,
        anyResource && all.isEmpty(),
        MatchRule.of(Trees.maps(tree, "excludeResourceRules")),
        "Equivalent".equals(Trees.stringOr(tree, "Equivalent", "matchPolicy")),
        selector(Trees.map(tree, "namespaceSelector")),
        selector(Trees.map(tree, "objectSelector")));
  }

  private static LabelSelector selector(@Nullable Map<String, Object> selector) {
    return selector == null ? LabelSelector.EVERYTHING : LabelSelector.fromTree(selector);
  }
}
