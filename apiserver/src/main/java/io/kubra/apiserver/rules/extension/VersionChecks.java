package io.kubra.apiserver.rules.extension;

import io.kubra.api.jsonpath.JsonPath;
import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.check.Checks;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what a version of a definition says besides its schema. */
final class VersionChecks {
  private static final String[] COLUMN_TYPES = {"integer", "number", "string", "boolean", "date"};
  private static final int MOST_SELECTABLE = 8;
  private static final int LONGEST_WARNING = 256;

  private VersionChecks() {}

  static void check(Checks checks, FieldPath at, Map<String, Object> version) {
    deprecation(checks, at.child("deprecationWarning"), version);
    scale(checks, at.child("subresources", "scale"), Trees.map(version, "subresources", "scale"));
    List<Map<String, Object>> columns = Trees.maps(version, "additionalPrinterColumns");
    for (int i = 0; i < columns.size(); i++) {
      column(checks, at.child("additionalPrinterColumns").index(i), columns.get(i));
    }
    selectable(checks, at.child("selectableFields"), version);
  }

  private static void deprecation(Checks checks, FieldPath at, Map<String, Object> version) {
    String warning = Trees.string(version, "deprecationWarning");
    if (warning == null) {
      return;
    }
    if (!Trees.bool(version, "deprecated")) {
      checks.invalid(at, warning, "can only be set for deprecated versions");
    }
    if (warning.isEmpty()) {
      checks.invalid(at, warning, "must not be empty");
    }
    if (warning.length() > LONGEST_WARNING) {
      checks.invalid(at, warning, "must be <= " + LONGEST_WARNING + " characters");
    }
    for (int i = 0; i < warning.length(); i++) {
      if (Character.isISOControl(warning.charAt(i))) {
        checks.invalid(
            at,
            warning,
            "must only contain printable UTF-8 characters; non-printable character found at index "
                + i);
        return;
      }
    }
  }

  private static void scale(Checks checks, FieldPath at, @Nullable Map<String, Object> scale) {
    if (scale == null) {
      return;
    }
    path(checks, at, scale, "specReplicasPath", true, ".spec");
    path(checks, at, scale, "statusReplicasPath", true, ".status");
    path(checks, at, scale, "labelSelectorPath", false, ".spec", ".status");
  }

  private static void path(
      Checks checks,
      FieldPath at,
      Map<String, Object> scale,
      String field,
      boolean required,
      String... roots) {
    String path = Trees.stringOr(scale, "", field);
    if (path.isEmpty()) {
      if (required) {
        checks.required(at.child(field), "");
      }
      return;
    }
    boolean below = false;
    for (String root : roots) {
      below |= path.startsWith(root + ".") || path.startsWith(root + "[");
    }
    if (!below || fields(path) == null) {
      checks.invalid(
          at.child(field), path, "should be a json path under " + String.join(" or ", roots));
    }
  }

  private static @Nullable List<String> fields(String path) {
    try {
      return JsonPath.parse(path).fields();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static void column(Checks checks, FieldPath at, Map<String, Object> column) {
    checks.present(at.child("name"), Trees.string(column, "name"));
    String type = Trees.stringOr(column, "", "type");
    if (type.isEmpty()) {
      checks.required(at.child("type"), "must be one of " + String.join(",", sorted(COLUMN_TYPES)));
    } else if (!List.of(COLUMN_TYPES).contains(type)) {
      checks.invalid(
          at.child("type"), type, "must be one of " + String.join(",", sorted(COLUMN_TYPES)));
    }
    String path = Trees.stringOr(column, "", "jsonPath");
    if (path.isEmpty()) {
      checks.required(at.child("jsonPath"), "");
      return;
    }
    try {
      JsonPath.parse(path);
    } catch (IllegalArgumentException e) {
      checks.invalid(at.child("jsonPath"), path, String.valueOf(e.getMessage()));
    }
  }

  private static String[] sorted(String[] texts) {
    String[] copy = texts.clone();
    java.util.Arrays.sort(copy);
    return copy;
  }

  private static void selectable(Checks checks, FieldPath at, Map<String, Object> version) {
    List<Map<String, Object>> given = Trees.maps(version, "selectableFields");
    if (given.size() > MOST_SELECTABLE) {
      checks.add(FieldError.tooMany(at, given.size(), MOST_SELECTABLE));
    }
    Set<String> seen = new HashSet<>();
    Map<String, Object> schema = Trees.map(version, "schema", "openAPIV3Schema");
    for (int i = 0; i < given.size(); i++) {
      FieldPath place = at.index(i).child("jsonPath");
      String path = Trees.stringOr(given.get(i), "", "jsonPath");
      if (path.isEmpty()) {
        checks.required(place, "");
        continue;
      }
      if (!seen.add(path)) {
        checks.duplicate(place, path);
      }
      if (path.equals(".metadata") || path.startsWith(".metadata.")) {
        checks.invalid(place, path, "must not point to fields in metadata");
        continue;
      }
      List<String> fields = fields(path);
      Map<String, Object> at2 = fields == null ? null : below(schema, fields);
      String type = Trees.stringOr(at2, "", "type");
      if (fields == null || !path.startsWith(".")) {
        checks.invalid(place, path, "must be a simple json path");
      } else if (at2 == null) {
        checks.invalid(place, path, "path does not exist in the schema");
      } else if (!List.of("string", "boolean", "integer").contains(type)) {
        checks.invalid(
            place,
            path,
            "must point to a field of type string, boolean or integer. Enum string fields and"
                + " strings with formats are allowed.");
      }
    }
  }

  private static @Nullable Map<String, Object> below(
      @Nullable Map<String, Object> schema, List<String> fields) {
    Map<String, Object> found = schema;
    for (String field : fields) {
      found = Trees.map(found, "properties", field);
    }
    return found;
  }
}
