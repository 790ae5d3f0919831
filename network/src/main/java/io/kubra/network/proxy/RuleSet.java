package io.kubra.network.proxy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The variable part of the proxy's table: chains with their rules, affinity sets, and the elements
 * of the verdict maps.
 *
 * @param chains rules by chain
 * @param affinity timeout in seconds by affinity set
 * @param elements verdict by key, by map
 * @param datagrams addresses of endpoints by the key of a verdict map, of all UDP ports
 */
record RuleSet(
    Map<String, List<String>> chains,
    Map<String, Integer> affinity,
    Map<String, Map<String, String>> elements,
    Map<String, Set<String>> datagrams) {

  static final String SERVICES = "services";
  static final String NODE_PORTS = "nodeports";
  static final String UNSERVED = "unserved";

  static RuleSet empty() {
    Map<String, Map<String, String>> elements = new LinkedHashMap<>();
    for (String map : List.of(SERVICES, NODE_PORTS, UNSERVED)) {
      elements.put(map, new LinkedHashMap<>());
    }
    return new RuleSet(
        new LinkedHashMap<>(), new LinkedHashMap<>(), elements, new LinkedHashMap<>());
  }

  /** The elements of one verdict map, to read and to add to. */
  Map<String, String> elementsOf(String map) {
    return elements.computeIfAbsent(map, m -> new LinkedHashMap<>());
  }

  /** The commands that turn {@code before} into this; empty if nothing differs. */
  String changesFrom(RuleSet before, String table) {
    List<String> script = new ArrayList<>();
    affinity.forEach(
        (set, seconds) -> {
          if (!seconds.equals(before.affinity.get(set))) {
            if (before.affinity.containsKey(set)) {
              // A set's timeout cannot change; its users are rebuilt below.
              script.add("flush set ip %s %s".formatted(table, set));
            } else {
              script.add(
                  "add set ip %s %s { type ipv4_addr; flags dynamic,timeout; timeout %ds; }"
                      .formatted(table, set, seconds));
            }
          }
        });
    Set<String> changed = new LinkedHashSet<>();
    chains.forEach(
        (chain, rules) -> {
          List<String> old = before.chains.get(chain);
          if (old == null) {
            script.add("add chain ip %s %s".formatted(table, chain));
            changed.add(chain);
          } else if (!old.equals(rules)) {
            script.add("flush chain ip %s %s".formatted(table, chain));
            changed.add(chain);
          }
        });
    for (String chain : changed) {
      for (String rule : chains.getOrDefault(chain, List.of())) {
        script.add("add rule ip %s %s %s".formatted(table, chain, rule));
      }
    }
    elements.forEach(
        (map, wanted) -> elementChanges(script, table, map, before.elementsOf(map), wanted));
    List<String> obsolete =
        before.chains.keySet().stream().filter(c -> !chains.containsKey(c)).toList();
    // Chains refer to one another: all are emptied before the first is deleted.
    obsolete.forEach(chain -> script.add("flush chain ip %s %s".formatted(table, chain)));
    obsolete.forEach(chain -> script.add("delete chain ip %s %s".formatted(table, chain)));
    before.affinity.keySet().stream()
        .filter(set -> !affinity.containsKey(set))
        .forEach(set -> script.add("delete set ip %s %s".formatted(table, set)));
    return script.isEmpty() ? "" : String.join("\n", script) + "\n";
  }

  private static void elementChanges(
      List<String> script,
      String table,
      String map,
      Map<String, String> before,
      Map<String, String> wanted) {
    before.forEach(
        (key, verdict) -> {
          if (!verdict.equals(wanted.get(key))) {
            script.add("delete element ip %s %s { %s }".formatted(table, map, key));
          }
        });
    wanted.forEach(
        (key, verdict) -> {
          if (!verdict.equals(before.get(key))) {
            script.add("add element ip %s %s { %s : %s }".formatted(table, map, key, verdict));
          }
        });
  }
}
