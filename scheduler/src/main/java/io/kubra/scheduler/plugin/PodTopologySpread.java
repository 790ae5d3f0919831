package io.kubra.scheduler.plugin;

import io.kubra.client.match.Selectors;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.TopologySpreadConstraint;
import io.kubra.model.meta.v1.LabelSelector;
import io.kubra.model.meta.v1.OwnerReference;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.framework.FilterPlugin;
import io.kubra.scheduler.framework.ScorePlugin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Spreads pods over topology domains: as their constraints demand, and, for pods without any, by
 * preference over nodes and zones together with the pods of the same controller.
 */
final class PodTopologySpread implements FilterPlugin, ScorePlugin {
  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final String ZONE = "topology.kubernetes.io/zone";

  private record Constraint(String key, int maxSkew, int minDomains, Predicate<Pod> counts) {}

  @Override
  public String name() {
    return "PodTopologySpread";
  }

  @Override
  public int weight() {
    return 2;
  }

  private static List<Constraint> constraints(Pod pod, String when) {
    List<Constraint> constraints = new ArrayList<>();
    for (TopologySpreadConstraint c : pod.spec().topologySpreadConstraints()) {
      if (c.whenUnsatisfiable().equals(when)) {
        LabelSelector selector = withKeys(c, pod);
        constraints.add(
            new Constraint(
                c.topologyKey(),
                c.maxSkew(),
                c.minDomains() == null ? 1 : c.minDomains(),
                other ->
                    sameNamespace(pod, other)
                        && Selectors.matches(selector, other.metadata().labels())));
      }
    }
    return constraints;
  }

  /** A selector narrowed to the pod's own values of {@code matchLabelKeys}. */
  private static @org.jspecify.annotations.Nullable LabelSelector withKeys(
      TopologySpreadConstraint constraint, Pod pod) {
    LabelSelector selector = constraint.labelSelector();
    if (selector == null || constraint.matchLabelKeys().isEmpty()) {
      return selector;
    }
    Map<String, String> labels = new HashMap<>(selector.matchLabels());
    for (String key : constraint.matchLabelKeys()) {
      String value = pod.metadata().labels().get(key);
      if (value != null) {
        labels.put(key, value);
      }
    }
    return selector.toBuilder().matchLabels(labels).build();
  }

  private static boolean sameNamespace(Pod pod, Pod other) {
    return other.metadata().namespace().equals(pod.metadata().namespace())
        && other.metadata().deletionTimestamp() == null;
  }

  private static Map<String, Integer> count(Constraint constraint, List<NodeState> nodes) {
    Map<String, Integer> domains = new HashMap<>();
    for (NodeState node : nodes) {
      String domain = node.label(constraint.key);
      if (domain == null) {
        continue;
      }
      int matching = 0;
      for (Pod other : node.pods()) {
        if (constraint.counts.test(other)) {
          matching++;
        }
      }
      domains.merge(domain, matching, Integer::sum);
    }
    return domains;
  }

  @Override
  public Filter prepare(Pod pod, List<NodeState> nodes) {
    List<Constraint> hard = constraints(pod, "DoNotSchedule");
    if (hard.isEmpty()) {
      return Filter.ACCEPT;
    }
    // Nodes that the pod's own affinity excludes form no domains (nodeAffinityPolicy: Honor).
    Filter eligible = new NodeAffinity().prepare(pod, nodes);
    List<NodeState> counted = nodes.stream().filter(n -> eligible.rejections(n).isEmpty()).toList();
    List<Map<String, Integer>> counts = new ArrayList<>();
    for (Constraint constraint : hard) {
      counts.add(count(constraint, counted));
    }
    return node -> {
      for (int i = 0; i < hard.size(); i++) {
        Constraint constraint = hard.get(i);
        String domain = node.label(constraint.key);
        if (domain == null) {
          return List.of(
              "node(s) didn't match pod topology spread constraints (missing required label)");
        }
        Map<String, Integer> domains = counts.get(i);
        int least =
            domains.size() < constraint.minDomains
                ? 0
                : domains.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        int self = constraint.counts.test(pod) ? 1 : 0;
        if (domains.getOrDefault(domain, 0) + self - least > constraint.maxSkew) {
          return List.of("node(s) didn't match pod topology spread constraints");
        }
      }
      return List.of();
    };
  }

  @Override
  public long[] score(Pod pod, List<NodeState> nodes) {
    List<Constraint> soft =
        pod.spec().topologySpreadConstraints().isEmpty()
            ? defaults(pod)
            : constraints(pod, "ScheduleAnyway");
    long[] raw = new long[nodes.size()];
    if (soft.isEmpty()) {
      return raw;
    }
    for (Constraint constraint : soft) {
      Map<String, Integer> domains = count(constraint, nodes);
      if (domains.size() < 2) {
        continue;
      }
      for (int i = 0; i < raw.length; i++) {
        String domain = nodes.get(i).label(constraint.key);
        raw[i] += domain == null ? 0 : 10L * domains.getOrDefault(domain, 0);
      }
    }
    return ScorePlugin.normalised(raw, true);
  }

  /** Pods of one controller keep apart; upstream's default constraints are by node and by zone. */
  private static List<Constraint> defaults(Pod pod) {
    OwnerReference owner = null;
    for (OwnerReference reference : pod.metadata().ownerReferences()) {
      if (Boolean.TRUE.equals(reference.controller())) {
        owner = reference;
      }
    }
    if (owner == null) {
      return List.of();
    }
    String uid = owner.uid();
    Predicate<Pod> siblings =
        other ->
            sameNamespace(pod, other)
                && other.metadata().ownerReferences().stream().anyMatch(r -> r.uid().equals(uid));
    return List.of(new Constraint(HOSTNAME, 3, 1, siblings), new Constraint(ZONE, 5, 1, siblings));
  }
}
