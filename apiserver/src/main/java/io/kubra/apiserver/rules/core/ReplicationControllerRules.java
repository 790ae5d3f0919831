package io.kubra.apiserver.rules.core;

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
import java.util.Objects;
import java.util.Set;

/** Rules of replication controllers, whose selector is a plain map. */
public final class ReplicationControllerRules implements KindRules {
  @Override
  public void applyDefaults(Map<String, Object> controller) {
    Map<String, Object> spec = Defaults.object(controller, "spec");
    Defaults.number(spec, "replicas", 1);
    Map<String, Object> labels = Trees.map(spec, "template", "metadata", "labels");
    if (labels != null && !labels.isEmpty()) {
      Map<String, Object> selector = Trees.map(spec, "selector");
      if (selector == null || selector.isEmpty()) {
        spec.put("selector", new LinkedHashMap<>(labels));
      }
      Map<String, Object> own = Trees.map(controller, "metadata", "labels");
      if (own == null || own.isEmpty()) {
        Trees.set(controller, new LinkedHashMap<>(labels), "metadata", "labels");
      }
    }
    PodDefaults.template(controller);
  }

  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> controller) {
    controller.put("status", new LinkedHashMap<>(Map.of("replicas", 0L)));
  }

  @Override
  public List<FieldError> validate(Map<String, Object> controller) {
    Checks checks = new Checks();
    FieldPath spec = FieldPath.of("spec");
    checks.notNegative(
        spec.child("minReadySeconds"), Trees.integer(controller, "spec", "minReadySeconds"));
    checks.notNegative(spec.child("replicas"), Trees.integer(controller, "spec", "replicas"));
    Map<String, Object> selector = Trees.map(controller, "spec", "selector");
    Map<String, Object> template = Trees.map(controller, "spec", "template");
    if (selector == null || selector.isEmpty()) {
      checks.required(spec.child("selector"), "");
    }
    if (template == null) {
      checks.required(spec.child("template"), "");
      return checks.errors();
    }
    Map<String, Object> labels = Trees.map(template, "metadata", "labels");
    if (selector != null) {
      for (Map.Entry<String, Object> wanted : selector.entrySet()) {
        if (labels == null || !Objects.equals(labels.get(wanted.getKey()), wanted.getValue())) {
          checks.invalid(
              spec.child("template", "metadata", "labels"),
              labels == null ? Map.of() : labels,
              "`selector` does not match template `labels`");
          break;
        }
      }
    }
    PodTemplates.check(checks, spec.child("template"), template);
    return checks.errors();
  }

  @Override
  public boolean generationTracked() {
    return true;
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> controller) {
    return Map.of(
        "status.replicas", Long.toString(Trees.integerOr(controller, 0, "status", "replicas")));
  }

  @Override
  public Set<String> selectableFieldNames() {
    return Set.of("status.replicas");
  }

  @Override
  public List<String> warnings(Map<String, Object> controller) {
    return PodTemplates.warnings(controller);
  }
}
