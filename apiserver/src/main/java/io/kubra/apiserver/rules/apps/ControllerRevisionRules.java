package io.kubra.apiserver.rules.apps;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import java.util.List;
import java.util.Map;

/** Rules of controller revisions, whose data never changes. */
public final class ControllerRevisionRules implements KindRules {
  @Override
  public List<FieldError> validate(Map<String, Object> revision) {
    Checks checks = new Checks();
    if (revision.get("data") == null) {
      checks.required(FieldPath.of("data"), "data is mandatory");
    }
    checks.notNegative(FieldPath.of("revision"), Trees.integer(revision, "revision"));
    return checks.errors();
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> revision, Map<String, Object> old) {
    Checks checks = new Checks();
    checks.addAll(validate(revision));
    checks.immutable(FieldPath.of("data"), revision.get("data"), old.get("data"));
    return checks.errors();
  }
}
