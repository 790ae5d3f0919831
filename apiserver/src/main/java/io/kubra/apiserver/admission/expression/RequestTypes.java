package io.kubra.apiserver.admission.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import io.kubra.apiserver.cel.Types;
import java.util.Map;

/** The types of {@code request} and {@code namespaceObject}. */
final class RequestTypes {
  private static final CelType STRING = SimpleType.STRING;
  private static final CelType TEXTS = ListType.create(STRING);
  private static final CelType LABELS = MapType.create(STRING, STRING);

  private static final CelType KIND =
      Types.object(
          "kubernetes.GroupVersionKind",
          Map.of("group", STRING, "version", STRING, "kind", STRING));
  private static final CelType RESOURCE =
      Types.object(
          "kubernetes.GroupVersionResource",
          Map.of("group", STRING, "version", STRING, "resource", STRING));
  private static final CelType USER =
      Types.object(
          "kubernetes.UserInfo",
          Map.of(
              "username", STRING,
              "uid", STRING,
              "groups", TEXTS,
              "extra", MapType.create(STRING, TEXTS)));

  static final CelType REQUEST =
      Types.object(
          "kubernetes.AdmissionRequest",
          Map.ofEntries(
              Map.entry("kind", KIND),
              Map.entry("resource", RESOURCE),
              Map.entry("subResource", STRING),
              Map.entry("requestKind", KIND),
              Map.entry("requestResource", RESOURCE),
              Map.entry("requestSubResource", STRING),
              Map.entry("name", STRING),
              Map.entry("namespace", STRING),
              Map.entry("operation", STRING),
              Map.entry("userInfo", USER),
              Map.entry("dryRun", SimpleType.BOOL),
              Map.entry("options", SimpleType.DYN)));

  static final CelType NAMESPACE =
      Types.object(
          "kubernetes.Namespace",
          Map.of(
              "metadata",
              Types.object(
                  "kubernetes.NamespaceMetadata",
                  Map.ofEntries(
                      Map.entry("name", STRING),
                      Map.entry("generateName", STRING),
                      Map.entry("namespace", STRING),
                      Map.entry("labels", LABELS),
                      Map.entry("annotations", LABELS),
                      Map.entry("UID", STRING),
                      Map.entry("creationTimestamp", SimpleType.TIMESTAMP),
                      Map.entry("deletionGracePeriodSeconds", SimpleType.INT),
                      Map.entry("deletionTimestamp", SimpleType.TIMESTAMP),
                      Map.entry("generation", SimpleType.INT),
                      Map.entry("resourceVersion", STRING),
                      Map.entry("finalizers", TEXTS))),
              "spec",
              Types.object("kubernetes.NamespaceSpec", Map.of("finalizers", TEXTS)),
              "status",
              Types.object("kubernetes.NamespaceStatus", Map.of("phase", STRING))));

  private RequestTypes() {}
}
