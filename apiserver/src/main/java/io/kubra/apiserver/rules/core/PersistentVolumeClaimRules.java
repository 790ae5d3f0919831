package io.kubra.apiserver.rules.core;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.RuleContext;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules of persistent volume claims. */
public final class PersistentVolumeClaimRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  @Override
  public void applyDefaults(Map<String, Object> claim) {
    Map<String, Object> spec = Defaults.object(claim, "spec");
    Defaults.text(spec, "volumeMode", "Filesystem");
    for (String field : List.of("dataSource", "dataSourceRef")) {
      String other = field.equals("dataSource") ? "dataSourceRef" : "dataSource";
      Map<String, Object> source = Trees.map(spec, field);
      if (source != null && spec.get(other) == null && source.get("namespace") == null) {
        spec.put(other, Trees.deepCopy(source));
      }
    }
  }

  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> claim) {
    claim.put("status", new LinkedHashMap<>(Map.of("phase", "Pending")));
  }

  @Override
  public List<FieldError> validate(Map<String, Object> claim) {
    Checks checks = new Checks();
    Map<String, Object> spec = Trees.map(claim, "spec");
    ClaimChecks.spec(checks, SPEC, spec == null ? Map.of() : spec);
    return checks.errors();
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> claim, Map<String, Object> old) {
    Checks checks = new Checks();
    checks.addAll(validate(claim));
    Map<String, Object> now = Trees.deepCopy(spec(claim));
    Map<String, Object> before = Trees.deepCopy(spec(old));
    boolean bound = "Bound".equals(Trees.string(old, "status", "phase"));
    if (Trees.stringOr(before, "", "volumeName").isEmpty()) {
      // the binder fills it in
      now.remove("volumeName");
      before.remove("volumeName");
    }
    if (before.get("storageClassName") == null) {
      now.remove("storageClassName");
    }
    Object size = Trees.get(now, "resources", "requests", "storage");
    Object was = Trees.get(before, "resources", "requests", "storage");
    if (bound) {
      if (ClaimChecks.shrinks(size, was)
          && ClaimChecks.shrinks(size, Trees.get(old, "status", "capacity", "storage"))) {
        checks.forbidden(
            SPEC.child("resources", "requests", "storage"),
            "field can not be less than status.capacity");
      }
      Trees.remove(now, "resources", "requests");
      Trees.remove(before, "resources", "requests");
      now.remove("volumeAttributesClassName");
      before.remove("volumeAttributesClassName");
    }
    if (!Checks.same(now, before)) {
      checks.forbidden(
          SPEC,
          "spec is immutable after creation except resources.requests and"
              + " volumeAttributesClassName for bound claims");
    }
    return checks.errors();
  }

  private static Map<String, Object> spec(Map<String, Object> claim) {
    Map<String, Object> spec = Trees.map(claim, "spec");
    return spec == null ? new LinkedHashMap<>() : spec;
  }

  @Override
  public Set<String> selectableFieldNames() {
    return Set.of("name");
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> claim) {
    return Map.of("name", Trees.stringOr(claim, "", "metadata", "name"));
  }
}
