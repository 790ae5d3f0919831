package io.kubra.apiserver.rules.core;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.RuleContext;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import io.kubra.apiserver.rules.pod.ResourceChecks;
import io.kubra.apiserver.rules.pod.SchedulingChecks;
import io.kubra.apiserver.rules.pod.VolumeChecks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules of persistent volumes. */
public final class PersistentVolumeRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final Set<String> NO_SOURCES = Set.of("capacity", "claimRef", "nodeAffinity");

  @Override
  public void applyDefaults(Map<String, Object> volume) {
    Map<String, Object> spec = Defaults.object(volume, "spec");
    Defaults.text(spec, "persistentVolumeReclaimPolicy", "Retain");
    Defaults.text(spec, "volumeMode", "Filesystem");
    Map<String, Object> hostPath = Trees.map(spec, "hostPath");
    if (hostPath != null) {
      Defaults.value(hostPath, "type", "");
    }
  }

  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> volume) {
    volume.put("status", new LinkedHashMap<>(Map.of("phase", "Pending")));
  }

  @Override
  public List<FieldError> validate(Map<String, Object> volume) {
    Checks checks = new Checks();
    Map<String, Object> spec = Trees.map(volume, "spec");
    Map<String, Object> given = spec == null ? Map.of() : spec;
    ClaimChecks.accessModes(checks, SPEC.child("accessModes"), given);
    Map<String, Object> capacity = Trees.map(given, "capacity");
    if (capacity == null || capacity.isEmpty()) {
      checks.required(SPEC.child("capacity"), "");
    } else if (!capacity.containsKey("storage") || capacity.size() > 1) {
      checks.notSupported(SPEC.child("capacity"), capacity, "storage");
    } else {
      ResourceChecks.quantity(
          checks, SPEC.child("capacity").key("storage"), capacity.get("storage"));
    }
    checks.oneOf(
        SPEC.child("persistentVolumeReclaimPolicy"),
        Trees.string(given, "persistentVolumeReclaimPolicy"),
        "Delete",
        "Recycle",
        "Retain");
    checks.oneOf(
        SPEC.child("volumeMode"), Trees.string(given, "volumeMode"), "Block", "Filesystem");
    VolumeChecks.source(checks, SPEC, given, NO_SOURCES);
    Map<String, Object> affinity = Trees.map(given, "nodeAffinity", "required");
    if (affinity != null) {
      SchedulingChecks.nodeSelector(checks, SPEC.child("nodeAffinity", "required"), affinity);
    } else if (Trees.map(given, "local") != null) {
      checks.required(SPEC.child("nodeAffinity"), "Local volume requires node affinity");
    }
    return checks.errors();
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> volume, Map<String, Object> old) {
    Checks checks = new Checks();
    checks.addAll(validate(volume));
    Map<String, Object> given = Trees.map(volume, "spec");
    Map<String, Object> spec = given == null ? Map.of() : given;
    for (Map.Entry<String, Object> field : spec.entrySet()) {
      if (field.getValue() instanceof Map<?, ?>
          && !NO_SOURCES.contains(field.getKey())
          && !Checks.same(field.getValue(), Trees.get(old, "spec", field.getKey()))) {
        checks.forbidden(
            SPEC.child("persistentvolumesource"),
            "spec.persistentvolumesource is immutable after creation");
      }
    }
    checks.immutable(
        SPEC.child("volumeMode"),
        Trees.get(volume, "spec", "volumeMode"),
        Trees.get(old, "spec", "volumeMode"));
    if (Trees.get(old, "spec", "nodeAffinity") != null) {
      checks.immutable(
          SPEC.child("nodeAffinity"),
          Trees.get(volume, "spec", "nodeAffinity"),
          Trees.get(old, "spec", "nodeAffinity"));
    }
    return checks.errors();
  }

  @Override
  public Set<String> selectableFieldNames() {
    return Set.of("name");
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> volume) {
    return Map.of("name", Trees.stringOr(volume, "", "metadata", "name"));
  }
}
