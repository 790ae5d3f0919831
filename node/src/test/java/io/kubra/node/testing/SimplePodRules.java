package io.kubra.node.testing;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import java.util.Map;
import java.util.Set;

/** What the agent needs the server to know about pods. */
final class SimplePodRules implements KindRules {
  @Override
  public Map<String, String> selectableFields(Map<String, Object> object) {
    return Map.of("spec.nodeName", Trees.stringOr(object, "", "spec", "nodeName"));
  }

  @Override
  public Set<String> selectableFieldNames() {
    return Set.of("spec.nodeName");
  }

  @Override
  public long defaultGracePeriodSeconds(Map<String, Object> object) {
    Long own = Trees.integer(object, "spec", "terminationGracePeriodSeconds");
    return own == null ? 30 : own;
  }
}
