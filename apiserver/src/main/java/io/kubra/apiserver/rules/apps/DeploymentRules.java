package io.kubra.apiserver.rules.apps;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import io.kubra.apiserver.rules.pod.PodDefaults;
import io.kubra.apiserver.rules.pod.PodTemplates;
import java.util.List;
import java.util.Map;

/** Rules of deployments. */
public final class DeploymentRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  @Override
  public void applyDefaults(Map<String, Object> deployment) {
    Map<String, Object> spec = Defaults.object(deployment, "spec");
    Defaults.number(spec, "replicas", 1);
    PodDefaults.template(deployment);
    Map<String, Object> strategy = Defaults.object(spec, "strategy");
    Defaults.text(strategy, "type", "RollingUpdate");
    if ("RollingUpdate".equals(strategy.get("type"))) {
      Map<String, Object> rolling = Defaults.object(strategy, "rollingUpdate");
      Defaults.value(rolling, "maxUnavailable", "25%");
      Defaults.value(rolling, "maxSurge", "25%");
    }
    Defaults.number(spec, "revisionHistoryLimit", 10);
    Defaults.number(spec, "progressDeadlineSeconds", 600);
  }

  @Override
  public List<FieldError> validate(Map<String, Object> deployment) {
    Checks checks = new Checks();
    checks.notNegative(SPEC.child("replicas"), Trees.integer(deployment, "spec", "replicas"));
    PodTemplates.workload(checks, deployment, "deployment");
    strategy(checks, deployment);
    Long ready = Trees.integer(deployment, "spec", "minReadySeconds");
    checks.notNegative(SPEC.child("minReadySeconds"), ready);
    checks.notNegative(
        SPEC.child("revisionHistoryLimit"),
        Trees.integer(deployment, "spec", "revisionHistoryLimit"));
    Long deadline = Trees.integer(deployment, "spec", "progressDeadlineSeconds");
    checks.notNegative(SPEC.child("progressDeadlineSeconds"), deadline);
    if (deadline != null && deadline <= (ready == null ? 0 : ready)) {
      checks.invalid(
          SPEC.child("progressDeadlineSeconds"), deadline, "must be greater than minReadySeconds");
    }
    return checks.errors();
  }

  private static void strategy(Checks checks, Map<String, Object> deployment) {
    FieldPath at = SPEC.child("strategy");
    Map<String, Object> rolling = Trees.map(deployment, "spec", "strategy", "rollingUpdate");
    switch (Trees.stringOr(deployment, "", "spec", "strategy", "type")) {
      case "Recreate" -> {
        if (rolling != null) {
          checks.forbidden(
              at.child("rollingUpdate"), "may not be specified when strategy `type` is 'Recreate'");
        }
      }
      case "RollingUpdate" -> {
        if (rolling == null) {
          checks.required(at.child("rollingUpdate"), "this should be defaulted and never be nil");
        } else {
          RollingUpdates.check(checks, at.child("rollingUpdate"), rolling);
        }
      }
      default ->
          checks.notSupported(
              at, Trees.map(deployment, "spec", "strategy"), "Recreate", "RollingUpdate");
    }
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> deployment, Map<String, Object> old) {
    Checks checks = new Checks();
    checks.addAll(validate(deployment));
    checks.immutable(
        SPEC.child("selector"),
        Trees.get(deployment, "spec", "selector"),
        Trees.get(old, "spec", "selector"));
    return checks.errors();
  }

  @Override
  public boolean generationTracked() {
    return true;
  }

  @Override
  public List<String> warnings(Map<String, Object> deployment) {
    return PodTemplates.warnings(deployment);
  }
}
