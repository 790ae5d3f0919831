package io.kubra.api.apply;

import io.kubra.api.json.Json;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.Schema;
import io.kubra.api.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An object that several managers write to, a minute apart. */
final class ApplyScenario {
  private final Schema schema;
  private final String apiVersion;
  private final Set<List<String>> reset;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  @Nullable Map<String, Object> live;

  ApplyScenario(String type, String apiVersion, Set<List<String>> reset) {
    this.schema = Catalogue.builtin().type(type);
    this.apiVersion = apiVersion;
    this.reset = reset;
  }

  static ApplyScenario deployment() {
    return new ApplyScenario("io.k8s.api.apps.v1.Deployment", "apps/v1", Set.of(List.of("status")));
  }

  static ApplyScenario configMap() {
    return new ApplyScenario("io.k8s.api.core.v1.ConfigMap", "v1", Set.of());
  }

  static ApplyScenario pod() {
    return new ApplyScenario("io.k8s.api.core.v1.Pod", "v1", Set.of(List.of("status")));
  }

  static ApplyScenario service() {
    return new ApplyScenario("io.k8s.api.core.v1.Service", "v1", Set.of(List.of("status")));
  }

  /** Reads JSON written with single quotes. */
  static Map<String, Object> tree(String json) {
    return Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  Schema schema() {
    return schema;
  }

  ApplyScenario apply(String manager, String json) {
    return apply(manager, json, false);
  }

  ApplyScenario force(String manager, String json) {
    return apply(manager, json, true);
  }

  private ApplyScenario apply(String manager, String json, boolean force) {
    now = now.plusSeconds(60);
    Map<String, Object> applied = tree(json);
    applied.put("apiVersion", apiVersion);
    live =
        FieldManagement.apply(schema, live, applied, manager, force, apiVersion, null, now, reset);
    return this;
  }

  /** Replaces the object; what JSON does not say is gone, except identity and managedFields. */
  ApplyScenario update(String manager, String json) {
    return update(manager, null, json);
  }

  ApplyScenario update(String manager, @Nullable String subresource, String json) {
    now = now.plusSeconds(60);
    Map<String, Object> next = tree(json);
    next.put("apiVersion", apiVersion);
    Set<List<String>> ignored = subresource == null ? reset : Set.of(List.of("spec"));
    FieldManagement.recordUpdate(
        schema, live, next, manager, apiVersion, subresource, now, ignored);
    live = next;
    return this;
  }

  Map<String, Object> object() {
    Map<String, Object> copy = Trees.deepCopy(live == null ? new LinkedHashMap<>() : live);
    Trees.remove(copy, "metadata", "managedFields");
    copy.remove("apiVersion");
    if (Trees.map(copy, "metadata") instanceof Map<?, ?> metadata && metadata.isEmpty()) {
      copy.remove("metadata");
    }
    return copy;
  }

  List<Object> managedFields() {
    return Trees.list(live, "metadata", "managedFields");
  }

  /** What a manager owns, as it reads in messages. */
  List<String> owned(String manager) {
    return managedFields().stream()
        .filter(entry -> manager.equals(Trees.string(entry, "manager")))
        .flatMap(entry -> FieldSet.fromFieldsV1(Trees.map(entry, "fieldsV1")).paths().stream())
        .map(PathElement::display)
        .toList();
  }

  String time(String manager) {
    return managedFields().stream()
        .filter(entry -> manager.equals(Trees.string(entry, "manager")))
        .map(entry -> Trees.stringOr(entry, "", "time"))
        .findFirst()
        .orElse("");
  }
}
