package io.kubra.apiserver.admission.policy;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.match.MatchCriteria;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What policies have in common.
 *
 * @param ignoresFailures whether requests go on if the policy cannot be evaluated
 * @param paramKind of its parameters, null if it has none
 */
record Definition(
    String name,
    MatchCriteria criteria,
    boolean ignoresFailures,
    @Nullable GroupVersionKind paramKind) {

  static Definition of(Map<String, Object> policy) {
    return new Definition(
        Trees.stringOr(policy, "", "metadata", "name"),
        MatchCriteria.ofPolicy(Trees.map(policy, "spec", "matchConstraints")),
        "Ignore".equals(Trees.string(policy, "spec", "failurePolicy")),
        paramKind(policy));
  }

  static @Nullable GroupVersionKind paramKind(Map<String, Object> policy) {
    Map<String, Object> kind = Trees.map(policy, "spec", "paramKind");
    return kind == null
        ? null
        : GroupVersionKind.of(
            Trees.stringOr(kind, "", "apiVersion"), Trees.stringOr(kind, "", "kind"));
  }
}
