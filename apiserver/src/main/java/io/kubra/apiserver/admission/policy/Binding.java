package io.kubra.apiserver.admission.policy;

import io.kubra.api.selector.LabelSelector;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.match.MatchCriteria;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a policy in force.
 *
 * @param reference which parameters it uses, null for none
 * @param actions what is done when a validation fails: Deny, Warn, Audit
 */
record Binding(
    String name,
    String policy,
    MatchCriteria criteria,
    @Nullable ParamReference reference,
    List<String> actions) {

  /**
   * Which parameters are used.
   *
   * @param name of the only one; empty if they are selected
   * @param namespace where they are; empty for that of the request
   * @param denyMissing whether requests are refused when there are none
   */
  record ParamReference(
      String name, String namespace, @Nullable LabelSelector selector, boolean denyMissing) {}

  static Binding of(Map<String, Object> tree) {
    return new Binding(
        Trees.stringOr(tree, "", "metadata", "name"),
        Trees.stringOr(tree, "", "spec", "policyName"),
        MatchCriteria.ofBinding(Trees.map(tree, "spec", "matchResources")),
        reference(Trees.map(tree, "spec", "paramRef")),
        Trees.strings(tree, "spec", "validationActions"));
  }

  private static @Nullable ParamReference reference(@Nullable Map<String, Object> tree) {
    if (tree == null) {
      return null;
    }
    Map<String, Object> selector = Trees.map(tree, "selector");
    return new ParamReference(
        Trees.stringOr(tree, "", "name"),
        Trees.stringOr(tree, "", "namespace"),
        selector == null ? null : LabelSelector.fromTree(selector),
        "Deny".equals(Trees.string(tree, "parameterNotFoundAction")));
  }
}
