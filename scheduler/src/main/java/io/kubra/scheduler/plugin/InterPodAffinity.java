package io.kubra.scheduler.plugin;

import io.kubra.client.match.Selectors;
import io.kubra.model.core.v1.Affinity;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodAffinityTerm;
import io.kubra.model.core.v1.WeightedPodAffinityTerm;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.framework.FilterPlugin;
import io.kubra.scheduler.framework.ScorePlugin;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Heeds pod affinity and anti-affinity, the pod's own and, for required anti-affinity, others'. */
final class InterPodAffinity implements FilterPlugin, ScorePlugin {
  @Override
  public String name() {
    return "InterPodAffinity";
  }

  @Override
  public int weight() {
    return 2;
  }

  private static List<PodAffinityTerm> attract(Pod pod) {
    Affinity affinity = pod.spec().affinity();
    return affinity == null || affinity.podAffinity() == null
        ? List.of()
        : affinity.podAffinity().requiredDuringSchedulingIgnoredDuringExecution();
  }

  private static List<PodAffinityTerm> repel(Pod pod) {
    Affinity affinity = pod.spec().affinity();
    return affinity == null || affinity.podAntiAffinity() == null
        ? List.of()
        : affinity.podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution();
  }

  /** Whether a term of {@code owner} means {@code other}. */
  private static boolean means(PodAffinityTerm term, Pod owner, Pod other) {
    String namespace = other.metadata().namespace();
    boolean there =
        term.namespaces().isEmpty() && term.namespaceSelector() == null
            ? namespace.equals(owner.metadata().namespace())
            : term.namespaces().contains(namespace) || term.namespaceSelector() != null;
    return there && Selectors.matches(term.labelSelector(), other.metadata().labels());
  }

  private static Set<String> domains(PodAffinityTerm term, Pod pod, List<NodeState> nodes) {
    Set<String> domains = new HashSet<>();
    for (NodeState node : nodes) {
      String domain = node.label(term.topologyKey());
      if (domain != null && node.pods().stream().anyMatch(other -> means(term, pod, other))) {
        domains.add(domain);
      }
    }
    return domains;
  }

  @Override
  public Filter prepare(Pod pod, List<NodeState> nodes) {
    Map<PodAffinityTerm, Set<String>> wanted = new HashMap<>();
    attract(pod).forEach(term -> wanted.put(term, domains(term, pod, nodes)));
    // The first pod of a group that is attracted by itself may go anywhere.
    boolean first =
        wanted.values().stream().allMatch(Set::isEmpty)
            && attract(pod).stream().allMatch(term -> means(term, pod, pod));
    Map<PodAffinityTerm, Set<String>> unwanted = new HashMap<>();
    repel(pod).forEach(term -> unwanted.put(term, domains(term, pod, nodes)));
    Map<String, Set<String>> refused = refusedByOthers(pod, nodes);
    if (wanted.isEmpty() && unwanted.isEmpty() && refused.isEmpty()) {
      return Filter.ACCEPT;
    }
    return node -> {
      for (Map.Entry<PodAffinityTerm, Set<String>> e : wanted.entrySet()) {
        String domain = node.label(e.getKey().topologyKey());
        if (domain == null || (!first && !e.getValue().contains(domain))) {
          return List.of("node(s) didn't match pod affinity rules");
        }
      }
      for (Map.Entry<PodAffinityTerm, Set<String>> e : unwanted.entrySet()) {
        if (inside(node.label(e.getKey().topologyKey()), e.getValue())) {
          return List.of("node(s) didn't match pod anti-affinity rules");
        }
      }
      for (Map.Entry<String, Set<String>> e : refused.entrySet()) {
        if (inside(node.label(e.getKey()), e.getValue())) {
          return List.of("node(s) didn't satisfy existing pods anti-affinity rules");
        }
      }
      return List.of();
    };
  }

  private static boolean inside(@Nullable String domain, Set<String> domains) {
    return domain != null && domains.contains(domain);
  }

  private static Map<String, Set<String>> refusedByOthers(Pod pod, List<NodeState> nodes) {
    Map<String, Set<String>> refused = new HashMap<>();
    for (NodeState node : nodes) {
      for (Pod other : node.pods()) {
        for (PodAffinityTerm term : repel(other)) {
          String domain = node.label(term.topologyKey());
          if (domain != null && means(term, other, pod)) {
            refused.computeIfAbsent(term.topologyKey(), k -> new HashSet<>()).add(domain);
          }
        }
      }
    }
    return refused;
  }

  @Override
  public long[] score(Pod pod, List<NodeState> nodes) {
    long[] raw = new long[nodes.size()];
    Affinity affinity = pod.spec().affinity();
    if (affinity == null) {
      return raw;
    }
    if (affinity.podAffinity() != null) {
      add(
          raw,
          affinity.podAffinity().preferredDuringSchedulingIgnoredDuringExecution(),
          1,
          pod,
          nodes);
    }
    if (affinity.podAntiAffinity() != null) {
      add(
          raw,
          affinity.podAntiAffinity().preferredDuringSchedulingIgnoredDuringExecution(),
          -1,
          pod,
          nodes);
    }
    long least = Long.MAX_VALUE;
    for (long value : raw) {
      least = Math.min(least, value);
    }
    for (int i = 0; i < raw.length; i++) {
      raw[i] -= least;
    }
    return ScorePlugin.normalised(raw, false);
  }

  private static void add(
      long[] raw, List<WeightedPodAffinityTerm> terms, int sign, Pod pod, List<NodeState> nodes) {
    for (WeightedPodAffinityTerm weighted : terms) {
      PodAffinityTerm term = weighted.podAffinityTerm();
      if (term == null) {
        continue;
      }
      Map<String, Long> byDomain = new HashMap<>();
      for (NodeState node : nodes) {
        String domain = node.label(term.topologyKey());
        if (domain != null) {
          long matching = node.pods().stream().filter(other -> means(term, pod, other)).count();
          byDomain.merge(domain, matching, Long::sum);
        }
      }
      for (int i = 0; i < raw.length; i++) {
        String domain = nodes.get(i).label(term.topologyKey());
        raw[i] +=
            domain == null
                ? 0
                : (long) sign * weighted.weight() * byDomain.getOrDefault(domain, 0L);
      }
    }
  }
}
