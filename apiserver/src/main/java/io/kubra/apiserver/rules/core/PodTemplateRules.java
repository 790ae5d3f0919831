package io.kubra.apiserver.rules.core;

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

/** Rules of pod templates that are objects of their own. */
public final class PodTemplateRules implements KindRules {
  @Override
  public void applyDefaults(Map<String, Object> object) {
    Map<String, Object> template = Trees.map(object, "template");
    if (template != null) {
      PodDefaults.spec(Defaults.object(template, "spec"));
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> object) {
    Checks checks = new Checks();
    PodTemplates.check(checks, FieldPath.of("template"), Trees.map(object, "template"));
    return checks.errors();
  }

  @Override
  public boolean generationTracked() {
    return true;
  }
}
