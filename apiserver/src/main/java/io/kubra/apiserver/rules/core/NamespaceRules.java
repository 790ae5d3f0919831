package io.kubra.apiserver.rules.core;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.NameFormat;
import io.kubra.apiserver.rules.RuleContext;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules of namespaces: the label with the name, the finalizer, the phase. */
public final class NamespaceRules implements KindRules {
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  @Override
  public void applyDefaults(Map<String, Object> namespace) {
    String name = Trees.stringOr(namespace, "", "metadata", "name");
    if (!name.isEmpty()) {
      Trees.set(namespace, name, "metadata", "labels", NAME_LABEL);
    }
  }

  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> namespace) {
    // a generated name is known only now
    applyDefaults(namespace);
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("phase", "Active");
    namespace.put("status", status);
    List<Object> finalizers = new ArrayList<>(Trees.list(namespace, "spec", "finalizers"));
    if (!finalizers.contains("kubernetes")) {
      finalizers.add("kubernetes");
    }
    Defaults.object(namespace, "spec").put("finalizers", finalizers);
  }

  @Override
  public void prepareForUpdate(
      RuleContext context, Map<String, Object> namespace, Map<String, Object> old) {
    // only the finalize subresource writes these
    Object finalizers = Trees.get(old, "spec", "finalizers");
    if (finalizers == null) {
      Trees.remove(namespace, "spec", "finalizers");
    } else {
      Trees.set(namespace, Trees.deepCopy(finalizers), "spec", "finalizers");
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> namespace) {
    Checks checks = new Checks();
    int i = 0;
    for (String finalizer : Trees.strings(namespace, "spec", "finalizers")) {
      checks.name(FieldPath.of("spec", "finalizers").index(i++), finalizer, Names::qualifiedName);
    }
    return checks.errors();
  }

  @Override
  public List<FieldError> validateStatusUpdate(
      Map<String, Object> namespace, Map<String, Object> old) {
    Checks checks = new Checks();
    String phase = Trees.stringOr(namespace, "", "status", "phase");
    boolean deleting = Trees.get(namespace, "metadata", "deletionTimestamp") != null;
    if (deleting && !phase.equals("Terminating")) {
      checks.invalid(
          FieldPath.of("status", "phase"),
          phase,
          "may only be 'Terminating' if `deletionTimestamp` is not empty");
    } else if (!deleting && !phase.equals("Active")) {
      checks.invalid(
          FieldPath.of("status", "phase"),
          phase,
          "may only be 'Active' if `deletionTimestamp` is empty");
    }
    return checks.errors();
  }

  @Override
  public NameFormat nameFormat() {
    return NameFormat.DNS_LABEL;
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> namespace) {
    return Map.of("status.phase", Trees.stringOr(namespace, "", "status", "phase"));
  }

  @Override
  public Set<String> selectableFieldNames() {
    return Set.of("status.phase");
  }
}
