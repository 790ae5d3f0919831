package io.kubra.apiserver.storage;

import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.NameFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The checks of metadata that all kinds share. */
final class MetadataChecks {
  private MetadataChecks() {}

  static List<FieldError> onCreate(ServedResource r, Map<String, Object> object) {
    List<FieldError> errors = new ArrayList<>();
    names(r, object, errors);
    return errors;
  }

  static List<FieldError> onUpdate(
      ServedResource r, Map<String, Object> object, Map<String, Object> old) {
    return new ArrayList<>();
  }

  private static void names(ServedResource r, Map<String, Object> object, List<FieldError> errors) {
    String name = Trees.stringOr(object, "", "metadata", "name");
    String generateName = Trees.stringOr(object, "", "metadata", "generateName");
    if (!generateName.isEmpty()) {
      // a suffix follows, so that a dash at the end is fine
      String base =
          generateName.endsWith("-") && generateName.length() > 1
              ? generateName.substring(0, generateName.length() - 1) + "a"
              : generateName;
      for (String problem : problems(r.rules().nameFormat(), base)) {
        errors.add(FieldError.invalid("metadata.generateName", generateName, problem));
      }
    }
    if (name.isEmpty()) {
      errors.add(FieldError.required("metadata.name", "name or generateName is required"));
      return;
    }
    for (String problem : problems(r.rules().nameFormat(), name)) {
      errors.add(FieldError.invalid("metadata.name", name, problem));
    }
  }

  private static List<String> problems(NameFormat format, String name) {
    return switch (format) {
      case DNS_SUBDOMAIN -> Names.dns1123Subdomain(name);
      case DNS_LABEL -> Names.dns1123Label(name);
      case DNS_1035_LABEL -> Names.dns1035Label(name);
      case PATH_SEGMENT -> Names.pathSegment(name);
    };
  }
}
