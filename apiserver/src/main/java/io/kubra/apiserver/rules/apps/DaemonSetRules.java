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

/** Rules of daemon sets. */
public final class DaemonSetRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final String GENERATION = "deprecated.daemonset.template.generation";

  @Override
  public void applyDefaults(Map<String, Object> set) {
    Map<String, Object> spec = Defaults.object(set, "spec");
    PodDefaults.template(set);
    Map<String, Object> strategy = Defaults.object(spec, "updateStrategy");
    Defaults.text(strategy, "type", "RollingUpdate");
    if ("RollingUpdate".equals(strategy.get("type"))) {
      Map<String, Object> rolling = Defaults.object(strategy, "rollingUpdate");
      Defaults.value(rolling, "maxUnavailable", 1L);
      Defaults.value(rolling, "maxSurge", 0L);
    }
    Defaults.number(spec, "revisionHistoryLimit", 10);
  }

  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> set) {
    Map<String, Object> status = new LinkedHashMap<>();
    for (String count :
        List.of(
            "currentNumberScheduled",
            "numberMisscheduled",
            "desiredNumberScheduled",
            "numberReady")) {
      status.put(count, 0L);
    }
    set.put("status", status);
    Trees.set(set, "1", "metadata", "annotations", GENERATION);
  }

  /** Each new template gets the next number, which the pods carry as a label. */
  @Override
  public void prepareForUpdate(
      RuleContext context, Map<String, Object> set, Map<String, Object> old) {
    String number = Trees.stringOr(old, "1", "metadata", "annotations", GENERATION);
    if (!Checks.same(Trees.get(set, "spec", "template"), Trees.get(old, "spec", "template"))) {
      number = Long.toString(number(number) + 1);
    }
    Trees.set(set, number, "metadata", "annotations", GENERATION);
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> set) {
    Checks checks = new Checks();
    PodTemplates.workload(checks, set, "daemonset");
    checks.notNegative(
        SPEC.child("minReadySeconds"), Trees.integer(set, "spec", "minReadySeconds"));
    checks.notNegative(
        SPEC.child("revisionHistoryLimit"), Trees.integer(set, "spec", "revisionHistoryLimit"));
    FieldPath at = SPEC.child("updateStrategy");
    Map<String, Object> rolling = Trees.map(set, "spec", "updateStrategy", "rollingUpdate");
    String type = Trees.stringOr(set, "", "spec", "updateStrategy", "type");
    checks.oneOf(at.child("type"), type, "OnDelete", "RollingUpdate");
    if (type.equals("RollingUpdate") && rolling == null) {
      checks.required(at.child("rollingUpdate"), "");
    } else if (type.equals("RollingUpdate")) {
      strategy(checks, at.child("rollingUpdate"), rolling);
    }
    return checks.errors();
  }

  private static void strategy(
      Checks checks,
      FieldPath path,
      @org.jspecify.annotations.Nullable Map<String, Object> rolling) {
    Object unavailable = Trees.get(rolling, "maxUnavailable");
    Object surge = Trees.get(rolling, "maxSurge");
    RollingUpdates.numberOrPercent(checks, path.child("maxUnavailable"), unavailable);
    RollingUpdates.numberOrPercent(checks, path.child("maxSurge"), surge);
    if (!RollingUpdates.isZero(unavailable) && !RollingUpdates.isZero(surge)) {
      checks.invalid(
          path.child("maxSurge"), surge, "may not be set when maxUnavailable is non-zero");
    } else if (RollingUpdates.isZero(unavailable) && RollingUpdates.isZero(surge)) {
      checks.required(path.child("maxUnavailable"), "cannot be 0 when maxSurge is 0");
    }
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
  public boolean generationTracked() {
    return true;
  }

  @Override
  public List<String> warnings(Map<String, Object> set) {
    return PodTemplates.warnings(set);
  }
}
