package io.kubra.apiserver.rbac;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares what somebody has with what somebody wants to grant. */
final class RuleCoverage {
  private RuleCoverage() {}

  /** The parts of the wanted rules that no held rule covers; empty if all is covered. */
  static List<PolicyRule> missing(List<PolicyRule> held, List<PolicyRule> wanted) {
    Map<List<Object>, List<String>> verbsByRest = new LinkedHashMap<>();
    for (PolicyRule rule : wanted) {
      for (PolicyRule atom : atoms(rule)) {
        if (held.stream().noneMatch(owner -> covers(owner, atom))) {
          List<Object> rest = List.of(atom.groups(), atom.resources(), atom.names(), atom.paths());
          List<String> verbs = verbsByRest.computeIfAbsent(rest, r -> new ArrayList<>());
          if (!verbs.contains(atom.verbs().getFirst())) {
            verbs.add(atom.verbs().getFirst());
          }
        }
      }
    }
    List<PolicyRule> missing = new ArrayList<>();
    verbsByRest.forEach(
        (rest, verbs) ->
            missing.add(
                new PolicyRule(
                    verbs,
                    strings(rest, 0),
                    strings(rest, 1),
                    strings(rest, 2),
                    strings(rest, 3))));
    return missing;
  }

  private static List<String> strings(List<Object> rest, int index) {
    return ((List<?>) rest.get(index)).stream().map(String::valueOf).toList();
  }

  /**
   * A rule as rules of one verb, one group, one resource, one name, or of one verb and one path.
   */
  private static List<PolicyRule> atoms(PolicyRule rule) {
    List<PolicyRule> atoms = new ArrayList<>();
    for (String verb : rule.verbs()) {
      for (String group : rule.groups()) {
        for (String resource : rule.resources()) {
          List<String> names = rule.names().isEmpty() ? List.of("") : rule.names();
          for (String name : names) {
            atoms.add(
                new PolicyRule(
                    List.of(verb),
                    List.of(group),
                    List.of(resource),
                    name.isEmpty() ? List.of() : List.of(name),
                    List.of()));
          }
        }
      }
      for (String path : rule.paths()) {
        atoms.add(new PolicyRule(List.of(verb), List.of(), List.of(), List.of(), List.of(path)));
      }
    }
    return atoms;
  }

  private static boolean covers(PolicyRule owner, PolicyRule atom) {
    if (!has(owner.verbs(), atom.verbs().getFirst())) {
      return false;
    }
    if (!atom.paths().isEmpty()) {
      return owner.allowsPath(atom.paths().getFirst());
    }
    return has(owner.groups(), atom.groups().getFirst())
        && hasResource(owner.resources(), atom.resources().getFirst())
        && (owner.names().isEmpty()
            || (!atom.names().isEmpty() && owner.names().containsAll(atom.names())));
  }

  private static boolean hasResource(List<String> held, String resource) {
    int slash = resource.indexOf('/');
    return has(held, resource) || (slash > 0 && held.contains("*" + resource.substring(slash)));
  }

  private static boolean has(List<String> held, String value) {
    return held.contains("*") || held.contains(value);
  }
}
