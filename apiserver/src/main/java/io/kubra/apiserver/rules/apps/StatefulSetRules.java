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

/** Rules of stateful sets. */
public final class StatefulSetRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final List<String> CHANGEABLE =
      List.of(
          "replicas",
          "ordinals",
          "template",
          "updateStrategy",
          "revisionHistoryLimit",
          "persistentVolumeClaimRetentionPolicy",
          "minReadySeconds");

  @Override
  public void applyDefaults(Map<String, Object> set) {
    Map<String, Object> spec = Defaults.object(set, "spec");
    Defaults.text(spec, "podManagementPolicy", "OrderedReady");
    Map<String, Object> strategy = Defaults.object(spec, "updateStrategy");
    Defaults.text(strategy, "type", "RollingUpdate");
    if ("RollingUpdate".equals(strategy.get("type"))) {
      Defaults.number(Defaults.object(strategy, "rollingUpdate"), "partition", 0);
    }
    Map<String, Object> retention = Defaults.object(spec, "persistentVolumeClaimRetentionPolicy");
    Defaults.text(retention, "whenDeleted", "Retain");
    Defaults.text(retention, "whenScaled", "Retain");
    Defaults.number(spec, "replicas", 1);
    Defaults.number(spec, "revisionHistoryLimit", 10);
    PodDefaults.template(set);
    for (Map<String, Object> claim : Trees.maps(spec, "volumeClaimTemplates")) {
      Defaults.text(claim, "apiVersion", "v1");
      Defaults.text(claim, "kind", "PersistentVolumeClaim");
      Defaults.text(Defaults.object(claim, "spec"), "volumeMode", "Filesystem");
      Defaults.text(Defaults.object(claim, "status"), "phase", "Pending");
    }
  }

  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> set) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("replicas", 0L);
    status.put("availableReplicas", 0L);
    set.put("status", status);
  }

  @Override
  public List<FieldError> validate(Map<String, Object> set) {
    Checks checks = new Checks();
    checks.oneOf(
        SPEC.child("podManagementPolicy"),
        Trees.string(set, "spec", "podManagementPolicy"),
        "OrderedReady",
        "Parallel");
    strategy(checks, set);
    for (String when : List.of("whenDeleted", "whenScaled")) {
      checks.oneOf(
          SPEC.child("persistentVolumeClaimRetentionPolicy", when),
          Trees.string(set, "spec", "persistentVolumeClaimRetentionPolicy", when),
          "Delete",
          "Retain");
    }
    checks.notNegative(SPEC.child("replicas"), Trees.integer(set, "spec", "replicas"));
    checks.notNegative(
        SPEC.child("minReadySeconds"), Trees.integer(set, "spec", "minReadySeconds"));
    checks.notNegative(
        SPEC.child("ordinals", "start"), Trees.integer(set, "spec", "ordinals", "start"));
    PodTemplates.workload(checks, withClaims(set), "statefulset");
    return checks.errors();
  }

  /** Claims become volumes of the pods: mounts may name them. */
  private static Map<String, Object> withClaims(Map<String, Object> set) {
    List<Map<String, Object>> claims = Trees.maps(set, "spec", "volumeClaimTemplates");
    if (claims.isEmpty() || Trees.map(set, "spec", "template") == null) {
      return set;
    }
    Map<String, Object> copy = Trees.deepCopy(set);
    List<Object> volumes = Trees.ensureList(copy, "spec", "template", "spec", "volumes");
    for (Map<String, Object> claim : claims) {
      String name = Trees.stringOr(claim, "", "metadata", "name");
      volumes.removeIf(v -> name.equals(Trees.string(v, "name")));
      Map<String, Object> volume = new LinkedHashMap<>();
      volume.put("name", name);
      volume.put("persistentVolumeClaim", new LinkedHashMap<>(Map.of("claimName", name)));
      volumes.add(volume);
    }
    return copy;
  }

  private static void strategy(Checks checks, Map<String, Object> set) {
    FieldPath at = SPEC.child("updateStrategy");
    Map<String, Object> rolling = Trees.map(set, "spec", "updateStrategy", "rollingUpdate");
    switch (Trees.stringOr(set, "", "spec", "updateStrategy", "type")) {
      case "OnDelete" -> {
        if (rolling != null) {
          checks.invalid(
              at.child("rollingUpdate"),
              rolling,
              "only allowed for updateStrategy 'RollingUpdate'");
        }
      }
      case "RollingUpdate" -> {
        checks.notNegative(
            at.child("rollingUpdate", "partition"), Trees.integer(rolling, "partition"));
        RollingUpdates.numberOrPercent(
            checks,
            at.child("rollingUpdate", "maxUnavailable"),
            Trees.get(rolling, "maxUnavailable"));
      }
      case "" -> checks.required(at, "");
      default ->
          checks.invalid(
              at,
              Trees.map(set, "spec", "updateStrategy"),
              "must be 'RollingUpdate' or 'OnDelete'");
    }
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> set, Map<String, Object> old) {
    Checks checks = new Checks();
    checks.addAll(validate(set));
    Map<String, Object> now = new LinkedHashMap<>(Defaults.object(set, "spec"));
    Map<String, Object> before = new LinkedHashMap<>(Defaults.object(Trees.deepCopy(old), "spec"));
    for (String field : CHANGEABLE) {
      now.remove(field);
      before.remove(field);
    }
    if (!Checks.same(now, before)) {
      checks.forbidden(
          SPEC,
          "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
              + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy'"
              + " and 'minReadySeconds' are forbidden");
    }
    return checks.errors();
  }

  @Override
  public boolean generationTracked() {
    return true;
  }

  @Override
  public List<String> warnings(Map<String, Object> set) {
    return PodTemplates.warnings(set);
  }
}
