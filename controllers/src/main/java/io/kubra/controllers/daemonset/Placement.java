package io.kubra.controllers.daemonset;

import io.kubra.client.match.Tolerations;
import io.kubra.controllers.runtime.PodControl;
import io.kubra.model.apps.v1.DaemonSet;
import io.kubra.model.core.v1.Affinity;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.NodeAffinity;
import io.kubra.model.core.v1.NodeSelector;
import io.kubra.model.core.v1.NodeSelectorRequirement;
import io.kubra.model.core.v1.NodeSelectorTerm;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodSpec;
import io.kubra.model.core.v1.Taint;
import io.kubra.model.core.v1.Toleration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * On which nodes a DaemonSet's pods belong.
 *
 * @param run whether the node should get a pod
 * @param keep whether a pod that is there may stay
 */
record Placement(boolean run, boolean keep) {
  static final String HASH = "controller-revision-hash";
  private static final String GENERATION = "pod-template-generation";
  private static final String GENERATION_ANNOTATION = "deprecated.daemonset.template.generation";
  private static final String NAME = "metadata.name";
  private static final Placement NO = new Placement(false, false);

  static Placement of(DaemonSet set, Node node) {
    PodSpec spec = set.spec().template().spec();
    String name = spec.nodeName();
    if ((name != null && !name.isEmpty() && !name.equals(node.metadata().name()))
        || !selects(spec, node)) {
      return NO;
    }
    List<Toleration> tolerations = tolerations(spec);
    boolean run = true;
    boolean keep = true;
    for (Taint taint : node.spec().taints()) {
      if (!Tolerations.tolerate(tolerations, taint)) {
        run &= taint.effect().equals("PreferNoSchedule");
        keep &= !taint.effect().equals("NoExecute");
      }
    }
    return new Placement(run, keep);
  }

  private static boolean selects(PodSpec spec, Node node) {
    Map<String, String> labels = node.metadata().labels();
    for (Map.Entry<String, String> e : spec.nodeSelector().entrySet()) {
      if (!e.getValue().equals(labels.get(e.getKey()))) {
        return false;
      }
    }
    Affinity affinity = spec.affinity();
    NodeAffinity nodes = affinity == null ? null : affinity.nodeAffinity();
    NodeSelector required =
        nodes == null ? null : nodes.requiredDuringSchedulingIgnoredDuringExecution();
    return required == null
        || required.nodeSelectorTerms().stream().anyMatch(term -> matches(term, node));
  }

  private static boolean matches(NodeSelectorTerm term, Node node) {
    if (term.matchExpressions().isEmpty() && term.matchFields().isEmpty()) {
      return false;
    }
    return term.matchExpressions().stream()
            .allMatch(r -> holds(r, node.metadata().labels().get(r.key())))
        && term.matchFields().stream()
            .allMatch(r -> holds(r, r.key().equals(NAME) ? node.metadata().name() : null));
  }

  private static boolean holds(NodeSelectorRequirement r, @Nullable String value) {
    return switch (r.operator()) {
      case "In" -> value != null && r.values().contains(value);
      case "NotIn" -> value == null || !r.values().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt", "Lt" -> compares(r, value);
      default -> false;
    };
  }

  private static boolean compares(NodeSelectorRequirement r, @Nullable String value) {
    try {
      long bound = Long.parseLong(r.values().getFirst());
      long number = value == null ? 0 : Long.parseLong(value);
      return value != null && (r.operator().equals("Gt") ? number > bound : number < bound);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Daemons stay on nodes in trouble: what upstream's controller adds to a template. */
  private static List<Toleration> tolerations(PodSpec spec) {
    List<Toleration> all = new ArrayList<>(spec.tolerations());
    add(all, "not-ready", "NoExecute");
    add(all, "unreachable", "NoExecute");
    add(all, "disk-pressure", "NoSchedule");
    add(all, "memory-pressure", "NoSchedule");
    add(all, "pid-pressure", "NoSchedule");
    add(all, "unschedulable", "NoSchedule");
    if (Boolean.TRUE.equals(spec.hostNetwork())) {
      add(all, "network-unavailable", "NoSchedule");
    }
    return all;
  }

  private static void add(List<Toleration> all, String taint, String effect) {
    Toleration toleration =
        Toleration.builder()
            .key("node.kubernetes.io/" + taint)
            .operator("Exists")
            .effect(effect)
            .build();
    if (!all.contains(toleration)) {
      all.add(toleration);
    }
  }

  /** A pod for a node: the scheduler binds it there and nowhere else. */
  static Pod pod(DaemonSet set, String node, String hash) {
    Pod pod = PodControl.fromTemplate(set, set.spec().template());
    Map<String, String> labels = new LinkedHashMap<>(pod.metadata().labels());
    labels.put(HASH, hash);
    String generation = set.metadata().annotations().get(GENERATION_ANNOTATION);
    if (generation != null) {
      labels.put(GENERATION, generation);
    }
    PodSpec spec = pod.spec();
    Affinity affinity = spec.affinity() == null ? Affinity.empty() : spec.affinity();
    NodeAffinity nodes =
        affinity.nodeAffinity() == null ? NodeAffinity.empty() : affinity.nodeAffinity();
    NodeSelectorTerm only =
        NodeSelectorTerm.builder()
            .matchFields(
                List.of(
                    NodeSelectorRequirement.builder()
                        .key(NAME)
                        .operator("In")
                        .values(List.of(node))
                        .build()))
            .build();
    NodeSelector required = NodeSelector.builder().nodeSelectorTerms(List.of(only)).build();
    return pod.toBuilder()
        .metadata(pod.metadata().toBuilder().labels(labels).build())
        .spec(
            spec.toBuilder()
                .tolerations(tolerations(spec))
                .affinity(
                    affinity.toBuilder()
                        .nodeAffinity(
                            nodes.toBuilder()
                                .requiredDuringSchedulingIgnoredDuringExecution(required)
                                .build())
                        .build())
                .build())
        .build();
  }

  /** The node that a pod is on, or is meant for. */
  static String nodeOf(Pod pod) {
    String bound = pod.spec().nodeName();
    if (bound != null && !bound.isEmpty()) {
      return bound;
    }
    Affinity affinity = pod.spec().affinity();
    NodeAffinity nodes = affinity == null ? null : affinity.nodeAffinity();
    NodeSelector required =
        nodes == null ? null : nodes.requiredDuringSchedulingIgnoredDuringExecution();
    if (required != null) {
      for (NodeSelectorTerm term : required.nodeSelectorTerms()) {
        for (NodeSelectorRequirement r : term.matchFields()) {
          if (r.key().equals(NAME) && r.operator().equals("In") && r.values().size() == 1) {
            return r.values().getFirst();
          }
        }
      }
    }
    return "";
  }
}
