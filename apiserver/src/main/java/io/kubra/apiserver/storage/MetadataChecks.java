package io.kubra.apiserver.storage;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.api.validation.ObjectMetaRules;
import io.kubra.apiserver.rules.NameFormat;
import java.util.List;
import java.util.Map;

/** The checks of metadata that all kinds share. */
final class MetadataChecks {
  private static final FieldPath METADATA = FieldPath.of("metadata");

  private MetadataChecks() {}

  static List<FieldError> onCreate(ServedResource r, Map<String, Object> object) {
    return allowed(
        r,
        ObjectMetaRules.validate(
            metadata(object),
            r.info().namespaced(),
            name -> problems(r.rules().nameFormat(), name),
            METADATA));
  }

  static List<FieldError> onUpdate(
      ServedResource r, Map<String, Object> object, Map<String, Object> old) {
    return allowed(r, ObjectMetaRules.validateUpdate(metadata(object), metadata(old), METADATA));
  }

  /** Extensions may have finalizers with names of any kind. */
  private static List<FieldError> allowed(ServedResource r, List<FieldError> errors) {
    if (!r.rules().anyFinalizer()) {
      return errors;
    }
    return errors.stream()
        .filter(e -> !e.detail().equals(ObjectMetaRules.UNQUALIFIED_FINALIZER))
        .toList();
  }

  private static Map<String, Object> metadata(Map<String, Object> object) {
    Map<String, Object> metadata = Trees.map(object, "metadata");
    return metadata == null ? Map.of() : metadata;
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
