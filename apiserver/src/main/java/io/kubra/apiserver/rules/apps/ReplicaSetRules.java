package io.kubra.apiserver.rules.apps;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.RuleContext;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import io.kubra.apiserver.rules.pod.PodDefaults;
import io.kubra.apiserver.rules.pod.PodTemplates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules of replica sets. */
public final class ReplicaSetRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  @Override
  public void applyDefaults(Map<String, Object> set) {
    Defaults.number(Defaults.object(set, "spec"), "replicas", 1);
    PodDefaults.template(set);
  }

  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> set) {
    set.put("status", new LinkedHashMap<>(Map.of("replicas", 0L)));
  }

  @Override
  public List<FieldError> validate(Map<String, Object> set) {
    Checks checks = new Checks();
    checks.notNegative(SPEC.child("replicas"), Trees.integer(set, "spec", "replicas"));
    checks.notNegative(
        SPEC.child("minReadySeconds"), Trees.integer(set, "spec", "minReadySeconds"));
    PodTemplates.workload(checks, set, "replicaset");
    return checks.errors();
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> set, Map<String, Object> old) {
    Checks checks = new Checks();
    checks.addAll(validate(set));
    checks.immutable(
        SPEC.child("selector"),
        Trees.get(set, "spec", "selector"),
        Trees.get(old, "spec", "selector"));
    return checks.errors();
  }

  @Override
  public List<FieldError> validateStatusUpdate(Map<String, Object> set, Map<String, Object> old) {
    Checks checks = new Checks();
    FieldPath status = FieldPath.of("status");
    long replicas = Trees.integerOr(set, 0, "status", "replicas");
    for (String field :
        List.of("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas")) {
      Long count = Trees.integer(set, "status", field);
      checks.notNegative(status.child(field), count);
      if (count != null && count > replicas) {
        checks.invalid(status.child(field), count, "cannot be greater than status.replicas");
      }
    }
    return checks.errors();
  }

  @Override
  public boolean generationTracked() {
    return true;
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> set) {
    return Map.of("status.replicas", Long.toString(Trees.integerOr(set, 0, "status", "replicas")));
  }

  @Override
  public Set<String> selectableFieldNames() {
    return Set.of("status.replicas");
  }

  @Override
  public List<String> warnings(Map<String, Object> set) {
    return PodTemplates.warnings(set);
  }
}
