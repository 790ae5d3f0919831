package io.kubra.apiserver.admission.plugin;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pods stay for five minutes on nodes that are not ready or not reachable, unless they say else.
 */
final class DefaultTolerationSeconds implements AdmissionPlugin {
  private static final long SECONDS = 300;

  @Override
  public String name() {
    return "DefaultTolerationSeconds";
  }

  @Override
  public void mutate(AdmissionContext context) {
    Map<String, Object> pod = context.object();
    boolean write =
        context.operation() == Operation.CREATE || context.operation() == Operation.UPDATE;
    if (pod == null || !write || !context.isFor("", "pods")) {
      return;
    }
    addUnlessTolerated(pod, "node.kubernetes.io/not-ready");
    addUnlessTolerated(pod, "node.kubernetes.io/unreachable");
  }

  private static void addUnlessTolerated(Map<String, Object> pod, String taint) {
    List<Map<String, Object>> tolerations = Trees.maps(pod, "spec", "tolerations");
    for (Map<String, Object> toleration : tolerations) {
      String key = Trees.stringOr(toleration, "", "key");
      String effect = Trees.stringOr(toleration, "", "effect");
      if ((key.equals(taint) || key.isEmpty())
          && (effect.equals("NoExecute") || effect.isEmpty())) {
        return;
      }
    }
    Map<String, Object> added = new LinkedHashMap<>();
    added.put("key", taint);
    added.put("operator", "Exists");
    added.put("effect", "NoExecute");
    added.put("tolerationSeconds", SECONDS);
    Trees.ensureList(pod, "spec", "tolerations").add(added);
  }
}
