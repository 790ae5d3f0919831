package io.kubra.apiserver.admission.plugin;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import java.util.LinkedHashMap;
import java.util.Map;

/** New nodes get no pods until they are known to be ready. */
final class TaintNodesByCondition implements AdmissionPlugin {
  private static final String NOT_READY = "node.kubernetes.io/not-ready";

  @Override
  public String name() {
    return "TaintNodesByCondition";
  }

  @Override
  public void mutate(AdmissionContext context) {
    Map<String, Object> node = context.object();
    if (node == null || context.operation() != Operation.CREATE || !context.isFor("", "nodes")) {
      return;
    }
    boolean there =
        Trees.maps(node, "spec", "taints").stream()
            .anyMatch(t -> NOT_READY.equals(t.get("key")) && "NoSchedule".equals(t.get("effect")));
    if (!there) {
      Map<String, Object> taint = new LinkedHashMap<>();
      taint.put("key", NOT_READY);
      taint.put("effect", "NoSchedule");
      Trees.ensureList(node, "spec", "taints").add(taint);
    }
  }
}
