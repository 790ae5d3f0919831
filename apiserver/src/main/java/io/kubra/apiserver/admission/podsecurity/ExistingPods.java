package io.kubra.apiserver.admission.podsecurity;

import io.kubra.api.tree.Trees;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Tells which pods of a namespace violate a level that it is about to get. */
final class ExistingPods {
  private static final int MOST = 3000;
  private static final long LONGEST_NANOS = Duration.ofSeconds(1).toNanos();

  private final Standards standards;
  private final Set<String> exemptClasses;

  ExistingPods(Standards standards, Set<String> exemptClasses) {
    this.standards = standards;
    this.exemptClasses = exemptClasses;
  }

  /** One warning for each way in which pods violate the level, after a headline. */
  List<String> warnings(String namespace, LevelVersion enforce, List<Map<String, Object>> pods) {
    Map<String, TreeSet<String>> byReason = new LinkedHashMap<>();
    long end = System.nanoTime() + LONGEST_NANOS;
    int checked = 0;
    for (Map<String, Object> pod : differentFirst(pods)) {
      if (checked == MOST || System.nanoTime() - end > 0) {
        break;
      }
      checked++;
      if (exemptClasses.contains(Trees.stringOr(pod, "", "spec", "runtimeClassName"))) {
        continue;
      }
      List<Violation> found = standards.violations(enforce, PodView.of(pod));
      if (!found.isEmpty()) {
        byReason
            .computeIfAbsent(Violation.summarise(found), r -> new TreeSet<>())
            .add(Trees.stringOr(pod, "", "metadata", "name"));
      }
    }
    List<String> warnings = new ArrayList<>();
    if (checked < pods.size()) {
      warnings.add(
          "new PodSecurity enforce level only checked against the first %d of %d existing pods"
              .formatted(checked, pods.size()));
    }
    if (!byReason.isEmpty()) {
      warnings.add(
          "existing pods in namespace \"%s\" violate the new PodSecurity enforce level \"%s\""
              .formatted(namespace, enforce));
    }
    List<String> lines = new ArrayList<>();
    byReason.forEach((reason, names) -> lines.add(named(names) + ": " + reason));
    lines.sort(null);
    warnings.addAll(lines);
    return warnings;
  }

  private static String named(TreeSet<String> names) {
    int others = names.size() - 1;
    return switch (others) {
      case 0 -> names.first();
      case 1 -> names.first() + " (and 1 other pod)";
      default -> names.first() + " (and " + others + " other pods)";
    };
  }

  /** One pod of each controller first: the others are most probably the same. */
  private static List<Map<String, Object>> differentFirst(List<Map<String, Object>> pods) {
    List<Map<String, Object>> first = new ArrayList<>();
    List<Map<String, Object>> later = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Map<String, Object> pod : pods) {
      String owner =
          Trees.maps(pod, "metadata", "ownerReferences").stream()
              .filter(o -> Trees.bool(o, "controller"))
              .map(o -> Trees.stringOr(o, "", "uid"))
              .findFirst()
              .orElse("");
      (owner.isEmpty() || seen.add(owner) ? first : later).add(pod);
    }
    first.addAll(later);
    return first;
  }
}
