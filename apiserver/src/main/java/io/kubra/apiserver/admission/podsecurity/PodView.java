package io.kubra.apiserver.admission.podsecurity;

import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A pod, or the pod that a template describes, as the controls look at it.
 *
 * @param spec the pod's spec
 * @param containers init containers, containers, ephemeral containers
 */
record PodView(
    Map<String, Object> annotations,
    Map<String, Object> spec,
    List<Map<String, Object>> containers) {

  /** The view of a pod or of a pod template. */
  static PodView of(Map<String, Object> pod) {
    Map<String, Object> annotations = Trees.map(pod, "metadata", "annotations");
    Map<String, Object> spec = Trees.map(pod, "spec");
    List<Map<String, Object>> all = new ArrayList<>(Trees.maps(spec, "initContainers"));
    all.addAll(Trees.maps(spec, "containers"));
    all.addAll(Trees.maps(spec, "ephemeralContainers"));
    return new PodView(
        annotations == null ? Map.of() : annotations, spec == null ? Map.of() : spec, all);
  }

  boolean windows() {
    return "windows".equals(Trees.string(spec, "os", "name"));
  }

  /** Whether the pod has users of its own, so that its root is not the node's. */
  boolean ownUsers() {
    return Boolean.FALSE.equals(spec.get("hostUsers"));
  }
}
