package io.kubra.apiserver.rules.core;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import io.kubra.store.Durability;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules of events, which are stored in the form of the core group. */
public final class EventRules implements KindRules {
  private static final List<String> OBJECT_FIELDS =
      List.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath");

  private static final Set<String> FIELDS = names();

  private static Set<String> names() {
    Set<String> names = new HashSet<>(Set.of("reason", "source", "type", "reportingComponent"));
    for (String field : OBJECT_FIELDS) {
      names.add("involvedObject." + field);
      // the name that the newer form has for the same
      names.add("regarding." + field);
    }
    return Set.copyOf(names);
  }

  @Override
  public void applyDefaults(Map<String, Object> event) {
    Defaults.text(event, "type", "Normal");
  }

  @Override
  public List<FieldError> validate(Map<String, Object> event) {
    Checks checks = new Checks();
    String namespace = Trees.stringOr(event, "", "metadata", "namespace");
    String involved = Trees.stringOr(event, "", "involvedObject", "namespace");
    boolean matches =
        involved.isEmpty()
            ? namespace.equals("default") || namespace.equals("kube-system")
            : involved.equals(namespace);
    if (!matches) {
      checks.invalid(
          FieldPath.of("involvedObject", "namespace"), involved, "does not match event.namespace");
    }
    if (event.get("eventTime") != null) {
      checks.present(
          FieldPath.of("reportingController"), Trees.string(event, "reportingComponent"));
      checks.present(FieldPath.of("reportingInstance"), Trees.string(event, "reportingInstance"));
      checks.present(FieldPath.of("action"), Trees.string(event, "action"));
      checks.present(FieldPath.of("reason"), Trees.string(event, "reason"));
      checks.oneOf(FieldPath.of("type"), Trees.string(event, "type"), "Normal", "Warning");
    }
    return checks.errors();
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> event) {
    Map<String, String> fields = new HashMap<>();
    for (String field : OBJECT_FIELDS) {
      String value = Trees.stringOr(event, "", "involvedObject", field);
      fields.put("involvedObject." + field, value);
      fields.put("regarding." + field, value);
    }
    fields.put("reason", Trees.stringOr(event, "", "reason"));
    String source = Trees.stringOr(event, "", "source", "component");
    String reporting = Trees.stringOr(event, "", "reportingComponent");
    fields.put("source", source.isEmpty() ? reporting : source);
    fields.put("reportingComponent", reporting);
    fields.put("type", Trees.stringOr(event, "", "type"));
    return fields;
  }

  @Override
  public Set<String> selectableFieldNames() {
    return FIELDS;
  }

  @Override
  public Durability durability() {
    return Durability.BUFFERED;
  }

  @Override
  public boolean allowCreateOnUpdate() {
    return true;
  }
}
