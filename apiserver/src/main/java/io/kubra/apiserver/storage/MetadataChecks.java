package io.kubra.apiserver.storage;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.api.validation.ObjectMetaRules;
import io.kubra.apiserver.rules.NameFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The checks of metadata that all kinds share. */
final class MetadataChecks {
  private static final FieldPath METADATA = FieldPath.of("metadata");

  private MetadataChecks() {}

  static List<FieldError> onCreate(ServedResource r, Map<String, Object> object) {
    return ObjectMetaRules.validate(
        Trees.ensureMap(object, "metadata"),
        r.info().namespaced(),
        check(r.rules().nameFormat()),
        METADATA);
  }

  static List<FieldError> onUpdate(
      ServedResource r, Map<String, Object> object, Map<String, Object> old) {
    return ObjectMetaRules.validateUpdate(
        Trees.ensureMap(object, "metadata"), Trees.ensureMap(old, "metadata"), METADATA);
  }

  private static Function<String, List<String>> check(NameFormat format) {
    return switch (format) {
      case DNS_SUBDOMAIN -> Names::dns1123Subdomain;
      case DNS_LABEL -> Names::dns1123Label;
      case DNS_1035_LABEL -> Names::dns1035Label;
      case PATH_SEGMENT -> Names::pathSegment;
    };
  }
}
