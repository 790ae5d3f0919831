package io.kubra.apiserver.rules.pod;

import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.check.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks of environment variables and of references to fields. */
final class EnvironmentChecks {
  private static final List<String> SOURCES =
      List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");

  /** What a variable may take from the pod. */
  static final List<String> ENV_FIELDS =
      List.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");

  /** What a downward API volume may take from the pod. */
  static final List<String> VOLUME_FIELDS =
      List.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid");

  private static final Set<String> RESOURCES =
      Set.of(
          "limits.cpu",
          "limits.ephemeral-storage",
          "limits.memory",
          "requests.cpu",
          "requests.ephemeral-storage",
          "requests.memory");

  private EnvironmentChecks() {}

  static void check(Checks checks, FieldPath path, Map<String, Object> container) {
    int i = 0;
    for (Map<String, Object> variable : Trees.maps(container, "env")) {
      variable(checks, path.child("env").index(i++), variable);
    }
    i = 0;
    for (Map<String, Object> source : Trees.maps(container, "envFrom")) {
      from(checks, path.child("envFrom").index(i++), source);
    }
  }

  private static void variable(Checks checks, FieldPath path, Map<String, Object> variable) {
    checks.requiredName(path.child("name"), Trees.string(variable, "name"), Names::envVarName);
    Map<String, Object> from = Trees.map(variable, "valueFrom");
    if (from == null) {
      return;
    }
    FieldPath at = path.child("valueFrom");
    List<String> given = new ArrayList<>();
    for (String source : SOURCES) {
      Map<String, Object> reference = Trees.map(from, source);
      if (reference != null) {
        given.add(source);
        source(checks, at.child(source), source, reference);
      }
    }
    if (given.isEmpty()) {
      checks.invalid(
          at,
          "",
          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or"
              + " `secretKeyRef`");
    } else if (!Trees.stringOr(variable, "", "value").isEmpty()) {
      checks.invalid(at, "", "may not be specified when `value` is not empty");
    } else if (given.size() > 1) {
      checks.invalid(at, "", "may not have more than one field specified at a time");
    }
  }

  private static void source(
      Checks checks, FieldPath path, String source, Map<String, Object> reference) {
    switch (source) {
      case "fieldRef" -> fieldRef(checks, path, reference, ENV_FIELDS);
      case "resourceFieldRef" -> resourceFieldRef(checks, path, reference, false);
      case "fileKeyRef" -> {
        checks.present(path.child("volumeName"), Trees.string(reference, "volumeName"));
        checks.present(path.child("path"), Trees.string(reference, "path"));
        checks.present(path.child("key"), Trees.string(reference, "key"));
      }
      default -> {
        checks.present(path.child("name"), Trees.string(reference, "name"));
        checks.requiredName(path.child("key"), Trees.string(reference, "key"), Names::configMapKey);
      }
    }
  }

  static void fieldRef(
      Checks checks, FieldPath path, Map<String, Object> reference, List<String> allowed) {
    String version = Trees.stringOr(reference, "", "apiVersion");
    String field = Trees.stringOr(reference, "", "fieldPath");
    if (!checks.present(path.child("apiVersion"), version)
        || !checks.present(path.child("fieldPath"), field)) {
      return;
    }
    int bracket = field.indexOf("['");
    if (bracket > 0 && field.endsWith("']")) {
      String key = field.substring(bracket + 2, field.length() - 2);
      String map = field.substring(0, bracket);
      if (map.equals("metadata.labels") || map.equals("metadata.annotations")) {
        checks.name(path.child("fieldPath"), key, Names::qualifiedName);
      } else {
        checks.invalid(path.child("fieldPath"), field, "does not support subscript");
      }
    } else if (!allowed.contains(field)) {
      checks.notSupported(path.child("fieldPath"), field, allowed.toArray(String[]::new));
    }
  }

  static void resourceFieldRef(
      Checks checks, FieldPath path, Map<String, Object> reference, boolean inVolume) {
    if (inVolume) {
      checks.present(path.child("containerName"), Trees.string(reference, "containerName"));
    }
    String resource = Trees.stringOr(reference, "", "resource");
    if (checks.present(path.child("resource"), resource)
        && !RESOURCES.contains(resource)
        && !resource.startsWith("limits.hugepages-")
        && !resource.startsWith("requests.hugepages-")) {
      checks.notSupported(path.child("resource"), resource, RESOURCES.toArray(String[]::new));
    }
  }

  private static void from(Checks checks, FieldPath path, Map<String, Object> source) {
    checks.optionalName(path.child("prefix"), Trees.string(source, "prefix"), Names::envVarName);
    int given = 0;
    for (String kind : List.of("configMapRef", "secretRef")) {
      Map<String, Object> reference = Trees.map(source, kind);
      if (reference != null) {
        given++;
        checks.present(path.child(kind, "name"), Trees.string(reference, "name"));
      }
    }
    if (given == 0) {
      checks.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
    } else if (given > 1) {
      checks.invalid(path, "", "may not have more than one field specified at a time");
    }
  }
}
