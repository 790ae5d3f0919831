package io.kubra.apiserver.rules.extension;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Rules of custom resource definitions. */
public final class ResourceDefinitionRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  @Override
  public void applyDefaults(Map<String, Object> definition) {
    Map<String, Object> spec = Defaults.object(definition, "spec");
    Map<String, Object> names = Defaults.object(spec, "names");
    String kind = Trees.stringOr(names, "", "kind");
    if (!kind.isEmpty()) {
      Defaults.text(names, "singular", kind.toLowerCase(Locale.ROOT));
      Defaults.text(names, "listKind", kind + "List");
    }
    Map<String, Object> conversion = Defaults.object(spec, "conversion");
    Defaults.text(conversion, "strategy", "None");
    Map<String, Object> service = Trees.map(conversion, "webhook", "clientConfig", "service");
    if (service != null) {
      Defaults.number(service, "port", 443);
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> definition) {
    Checks checks = new Checks();
    String group = Trees.stringOr(definition, "", "spec", "group");
    checks.requiredName(SPEC.child("group"), group, Names::dns1123Subdomain);
    if (!group.isEmpty() && group.split("\\.", -1).length < 2) {
      checks.invalid(SPEC.child("group"), group, "should be a domain with at least one dot");
    }
    names(checks, definition);
    String wanted = Trees.stringOr(definition, "", "spec", "names", "plural") + "." + group;
    String name = Trees.stringOr(definition, "", "metadata", "name");
    if (!name.equals(wanted)) {
      checks.invalid(
          FieldPath.of("metadata", "name"), name, "must be spec.names.plural+\".\"+spec.group");
    }
    checks.oneOf(
        SPEC.child("scope"), Trees.string(definition, "spec", "scope"), "Cluster", "Namespaced");
    checks.oneOf(
        SPEC.child("conversion", "strategy"),
        Trees.string(definition, "spec", "conversion", "strategy"),
        "None",
        "Webhook");
    if (Trees.bool(definition, "spec", "preserveUnknownFields")) {
      checks.invalid(
          SPEC.child("preserveUnknownFields"),
          true,
          "must be false in order to use defaults in the schema");
    }
    versions(checks, definition);
    return checks.errors();
  }

  private static void names(Checks checks, Map<String, Object> definition) {
    FieldPath at = SPEC.child("names");
    for (String field : List.of("plural", "singular")) {
      checks.requiredName(
          at.child(field), Trees.string(definition, "spec", "names", field), Names::dns1035Label);
    }
    for (String field : List.of("kind", "listKind")) {
      String kind = Trees.stringOr(definition, "", "spec", "names", field);
      if (checks.present(at.child(field), kind)) {
        for (String problem : Names.dns1035Label(kind.toLowerCase(Locale.ROOT))) {
          checks.invalid(
              at.child(field), kind, "may have mixed case, but should otherwise match: " + problem);
        }
      }
    }
    String kind = Trees.stringOr(definition, "", "spec", "names", "kind");
    if (!kind.isEmpty() && kind.equals(Trees.string(definition, "spec", "names", "listKind"))) {
      checks.invalid(at.child("listKind"), kind, "kind and listKind may not be the same");
    }
  }

  private static void versions(Checks checks, Map<String, Object> definition) {
    List<Map<String, Object>> versions = Trees.maps(definition, "spec", "versions");
    Set<String> names = new HashSet<>();
    int stored = 0;
    for (int i = 0; i < versions.size(); i++) {
      FieldPath at = SPEC.child("versions").index(i);
      String name = Trees.stringOr(versions.get(i), "", "name");
      checks.requiredName(at.child("name"), name, Names::dns1035Label);
      if (!names.add(name)) {
        checks.invalid(SPEC.child("versions"), versions, "must contain unique version names");
      }
      stored += Trees.bool(versions.get(i), "storage") ? 1 : 0;
      if (Trees.map(versions.get(i), "schema", "openAPIV3Schema") == null) {
        checks.required(at.child("schema", "openAPIV3Schema"), "schemas are required");
      }
    }
    if (stored != 1) {
      checks.invalid(
          SPEC.child("versions"),
          versions,
          "must have exactly one version marked as storage version");
    }
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> definition, Map<String, Object> old) {
    Checks checks = new Checks();
    checks.addAll(validate(definition));
    for (String field : List.of("group", "scope")) {
      checks.immutable(
          SPEC.child(field), Trees.get(definition, "spec", field), Trees.get(old, "spec", field));
    }
    for (String field : List.of("kind", "plural")) {
      checks.immutable(
          SPEC.child("names", field),
          Trees.get(definition, "spec", "names", field),
          Trees.get(old, "spec", "names", field));
    }
    return checks.errors();
  }

  @Override
  public boolean generationTracked() {
    return true;
  }
}
