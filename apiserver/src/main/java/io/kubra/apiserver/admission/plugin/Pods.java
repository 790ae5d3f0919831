package io.kubra.apiserver.admission.plugin;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What several plugins ask about pods. */
final class Pods {
  static final String MIRROR = "kubernetes.io/config.mirror";

  private Pods() {}

  /** The pod that is to be created; null if this is about something else. */
  static @Nullable Map<String, Object> created(AdmissionContext context) {
    return context.operation() == Operation.CREATE && context.isFor("", "pods")
        ? context.object()
        : null;
  }

  /** Whether the pod stands for one that its node runs by itself. */
  static boolean mirror(@Nullable Map<String, Object> pod) {
    return Trees.get(pod, "metadata", "annotations", MIRROR) != null;
  }

  /** Init containers, then containers. */
  static List<Map<String, Object>> containers(Map<String, Object> pod) {
    List<Map<String, Object>> all = new ArrayList<>(Trees.maps(pod, "spec", "initContainers"));
    all.addAll(Trees.maps(pod, "spec", "containers"));
    return all;
  }
}
