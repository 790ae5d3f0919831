package io.kubra.apiserver.rules.core;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.pod.ResourceChecks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules of nodes. Agents register nodes together with their status. */
public final class NodeRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  @Override
  public void applyDefaults(Map<String, Object> node) {
    // podCIDR is the first of podCIDRs; either may be given alone
    String cidr = Trees.stringOr(node, "", "spec", "podCIDR");
    List<Object> cidrs = Trees.list(node, "spec", "podCIDRs");
    if (!cidr.isEmpty() && cidrs.isEmpty()) {
      Trees.set(node, new ArrayList<>(List.of(cidr)), "spec", "podCIDRs");
    } else if (cidr.isEmpty() && !cidrs.isEmpty()) {
      Trees.set(node, cidrs.getFirst(), "spec", "podCIDR");
    }
    Map<String, Object> capacity = Trees.map(node, "status", "capacity");
    if (capacity != null && Trees.map(node, "status", "allocatable") == null) {
      Trees.set(node, Trees.deepCopy(capacity), "status", "allocatable");
    }
  }

  @Override
  public boolean keepsStatusOnCreate() {
    return true;
  }

  @Override
  public List<FieldError> validate(Map<String, Object> node) {
    Checks checks = new Checks();
    taints(checks, node);
    int i = 0;
    for (String cidr : Trees.strings(node, "spec", "podCIDRs")) {
      checks.cidr(SPEC.child("podCIDRs").index(i++), cidr);
    }
    resources(checks, node);
    return checks.errors();
  }

  private static void taints(Checks checks, Map<String, Object> node) {
    Set<String> seen = new HashSet<>();
    int i = 0;
    for (Map<String, Object> taint : Trees.maps(node, "spec", "taints")) {
      FieldPath at = FieldPath.of("metadata", "taints").index(i++);
      String key = Trees.stringOr(taint, "", "key");
      String effect = Trees.stringOr(taint, "", "effect");
      checks.name(at.child("key"), key, Names::qualifiedName);
      checks.name(at.child("value"), Trees.stringOr(taint, "", "value"), Names::labelValue);
      checks.oneOf(at.child("effect"), effect, "NoExecute", "NoSchedule", "PreferNoSchedule");
      if (!seen.add(key + ":" + effect)) {
        checks.duplicate(at, taint);
      }
    }
  }

  private static void resources(Checks checks, Map<String, Object> node) {
    for (String list : List.of("capacity", "allocatable")) {
      Map<String, Object> resources = Trees.map(node, "status", list);
      if (resources != null) {
        resources.forEach(
            (name, value) ->
                ResourceChecks.quantity(checks, FieldPath.of("status", list).key(name), value));
      }
    }
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> node, Map<String, Object> old) {
    Checks checks = new Checks();
    checks.addAll(validate(node));
    if (!Trees.list(old, "spec", "podCIDRs").isEmpty()
        && !Checks.same(Trees.get(node, "spec", "podCIDRs"), Trees.get(old, "spec", "podCIDRs"))) {
      checks.forbidden(
          SPEC.child("podCIDRs"), "node updates may not change podCIDR except from \"\" to valid");
    }
    String provider = Trees.stringOr(old, "", "spec", "providerID");
    if (!provider.isEmpty() && !provider.equals(Trees.string(node, "spec", "providerID"))) {
      checks.forbidden(
          SPEC.child("providerID"),
          "node updates may not change providerID except from \"\" to valid");
    }
    return checks.errors();
  }

  @Override
  public List<FieldError> validateStatusUpdate(Map<String, Object> node, Map<String, Object> old) {
    Checks checks = new Checks();
    resources(checks, node);
    Set<String> addresses = new HashSet<>();
    int i = 0;
    for (Map<String, Object> address : Trees.maps(node, "status", "addresses")) {
      if (!addresses.add(
          Trees.stringOr(address, "", "type") + "/" + Trees.stringOr(address, "", "address"))) {
        checks.duplicate(FieldPath.of("status", "addresses").index(i), address);
      }
      i++;
    }
    return checks.errors();
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> node) {
    return Map.of(
        "spec.unschedulable", Boolean.toString(Trees.bool(node, "spec", "unschedulable")));
  }

  @Override
  public Set<String> selectableFieldNames() {
    return Set.of("spec.unschedulable");
  }
}
