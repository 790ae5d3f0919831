package io.kubra.apiserver.rules.extension;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.cel.RuleChecks;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.RuleContext;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import io.kubra.apiserver.rules.check.WebhookChecks;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules of custom resource definitions. */
public final class ResourceDefinitionRules implements KindRules {
  private static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";
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
    return check(definition, null);
  }

  private static List<FieldError> check(
      Map<String, Object> definition, @Nullable Map<String, Object> old) {
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
    conversion(checks, definition);
    if (Trees.bool(definition, "spec", "preserveUnknownFields")) {
      checks.invalid(
          SPEC.child("preserveUnknownFields"),
          true,
          "must be false in order to use defaults in the schema");
    }
    versions(checks, definition, old);
    if (old == null) {
      approval(checks, definition);
    }
    return checks.errors();
  }

  private static void approval(Checks checks, Map<String, Object> definition) {
    FieldPath at = FieldPath.of("metadata", "annotations").key(ApprovalPolicy.ANNOTATION);
    ApprovalPolicy.State state = ApprovalPolicy.of(definition);
    switch (state) {
      case MISSING -> checks.required(at, ApprovalPolicy.problem(state));
      case INVALID ->
          checks.invalid(at, ApprovalPolicy.said(definition), ApprovalPolicy.problem(state));
      case NOT_NEEDED, APPROVED, BYPASSED -> {}
    }
  }

  /** Paths are those of upstream's internal type, which has no object around the webhook. */
  private static void conversion(Checks checks, Map<String, Object> definition) {
    FieldPath at = SPEC.child("conversion");
    String strategy = Trees.string(definition, "spec", "conversion", "strategy");
    checks.oneOf(at.child("strategy"), strategy, "None", "Webhook");
    Map<String, Object> webhook = Trees.map(definition, "spec", "conversion", "webhook");
    Map<String, Object> client = Trees.map(webhook, "clientConfig");
    List<String> versions = Trees.strings(webhook, "conversionReviewVersions");
    if (!"Webhook".equals(strategy)) {
      String why = "should not be set when strategy is not set to Webhook";
      if (client != null) {
        checks.forbidden(at.child("webhookClientConfig"), why);
      }
      if (!versions.isEmpty()) {
        checks.forbidden(at.child("conversionReviewVersions"), why);
      }
      return;
    }
    if (client == null) {
      checks.required(at.child("webhookClientConfig"), "required when strategy is set to Webhook");
    } else {
      WebhookChecks.client(checks, at.child("webhookClientConfig"), client);
      WebhookChecks.bundle(
          checks,
          at.child("webhookClientConfig", "caBundle"),
          Trees.stringOr(client, "", "caBundle"));
    }
    if (versions.isEmpty()) {
      checks.required(at.child("conversionReviewVersions"), "");
    }
    WebhookChecks.reviewVersions(checks, at.child("conversionReviewVersions"), versions);
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
    for (String field : List.of("shortNames", "categories")) {
      List<String> more = Trees.strings(definition, "spec", "names", field);
      for (int i = 0; i < more.size(); i++) {
        checks.name(at.child(field).index(i), more.get(i), Names::dns1035Label);
      }
    }
    String kind = Trees.stringOr(definition, "", "spec", "names", "kind");
    if (!kind.isEmpty() && kind.equals(Trees.string(definition, "spec", "names", "listKind"))) {
      checks.invalid(at.child("listKind"), kind, "kind and listKind may not be the same");
    }
  }

  private static boolean isKnown(
      Map<String, Object> schema, @Nullable Map<String, Object> definition) {
    return definition != null
        && Trees.maps(definition, "spec", "versions").stream()
            .anyMatch(v -> Trees.equal(schema, Trees.map(v, "schema", "openAPIV3Schema")));
  }

  private static void versions(
      Checks checks, Map<String, Object> definition, @Nullable Map<String, Object> old) {
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
      VersionChecks.check(checks, at, versions.get(i));
      stored += Trees.bool(versions.get(i), "storage") ? 1 : 0;
      Map<String, Object> schema = Trees.map(versions.get(i), "schema", "openAPIV3Schema");
      FieldPath place = at.child("schema", "openAPIV3Schema");
      if (schema == null) {
        checks.required(place, "schemas are required");
      } else {
        checks.addAll(StructureChecks.check(schema, place));
        // A schema that is stored stays valid, whatever its rules are thought to cost today.
        if (!isKnown(schema, old)) {
          checks.addAll(DefaultChecks.check(schema, place));
          checks.addAll(RuleChecks.check(schema, place));
        }
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
    checks.addAll(check(definition, old));
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
    List<Object> stored = Trees.list(old, "status", "storedVersions");
    for (int i = 0; i < stored.size(); i++) {
      String version = String.valueOf(stored.get(i));
      if (Trees.maps(definition, "spec", "versions").stream()
          .noneMatch(v -> version.equals(v.get("name")))) {
        checks.invalid(
            FieldPath.of("status", "storedVersions").index(i),
            version,
            "missing from spec.versions; %s was previously a storage version, and must remain in"
                    .formatted(version)
                + " spec.versions until a storage migration ensures no data remains persisted in"
                + " %s and removes %s from status.storedVersions".formatted(version, version));
      }
    }
    return checks.errors();
  }

  @Override
  public List<FieldError> validateStatusUpdate(
      Map<String, Object> definition, Map<String, Object> old) {
    Checks checks = new Checks();
    FieldPath at = FieldPath.of("status", "storedVersions");
    List<String> stored = Trees.strings(definition, "status", "storedVersions");
    if (stored.isEmpty()) {
      checks.invalid(at, stored, "must have at least one stored version");
    }
    Set<String> known = new HashSet<>();
    for (Map<String, Object> version : Trees.maps(definition, "spec", "versions")) {
      String name = Trees.stringOr(version, "", "name");
      known.add(name);
      if (Trees.bool(version, "storage") && !stored.isEmpty() && !stored.contains(name)) {
        checks.invalid(at, stored, "must have the storage version " + name);
      }
    }
    for (int i = 0; i < stored.size(); i++) {
      if (!known.contains(stored.get(i))) {
        checks.invalid(at.index(i), stored.get(i), "must appear in spec.versions");
      }
    }
    return checks.errors();
  }

  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> definition) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("storedVersions", storedVersions(definition, List.of()));
    definition.put("status", status);
  }

  @Override
  public void prepareForUpdate(
      RuleContext context, Map<String, Object> definition, Map<String, Object> old) {
    Trees.set(
        definition,
        storedVersions(definition, Trees.list(old, "status", "storedVersions")),
        "status",
        "storedVersions");
  }

  /** The versions in which objects may be stored: those so far, and the one in force. */
  private static List<Object> storedVersions(Map<String, Object> definition, List<Object> before) {
    List<Object> stored = new ArrayList<>(before);
    for (Map<String, Object> version : Trees.maps(definition, "spec", "versions")) {
      Object name = version.get("name");
      if (Trees.bool(version, "storage") && name != null && !stored.contains(name)) {
        stored.add(name);
      }
    }
    return stored;
  }

  /** The definition stays until the objects that it defines are gone. */
  @Override
  public void prepareForDelete(Map<String, Object> definition, Instant now) {
    List<Object> finalizers = Trees.ensureList(definition, "metadata", "finalizers");
    if (!finalizers.contains(FINALIZER)) {
      finalizers.add(FINALIZER);
    }
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    condition.put(
        "message",
        "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon");
    condition.put("reason", "InstanceDeletionPending");
    condition.put("status", "True");
    condition.put("type", "Terminating");
    List<Object> conditions = Trees.ensureList(definition, "status", "conditions");
    conditions.removeIf(c -> "Terminating".equals(Trees.string(c, "type")));
    conditions.add(condition);
  }

  @Override
  public boolean generationTracked() {
    return true;
  }

  @Override
  public boolean anyFinalizer() {
    return true;
  }
}
