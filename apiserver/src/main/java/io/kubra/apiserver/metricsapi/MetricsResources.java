package io.kubra.apiserver.metricsapi;

import io.kubra.api.json.Json;
import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersion;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.meta.GroupVersionResource;
import io.kubra.api.schema.AddedResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The resources of {@code metrics.k8s.io/v1beta1}. */
public final class MetricsResources {
  static final String GROUP = "metrics.k8s.io";
  static final GroupVersion VERSION = new GroupVersion(GROUP, "v1beta1");

  private static final String COMMON =
      """
      "timestamp":{"type":"string","format":"date-time","description":"The end of the window."},
      "window":{"type":"string","description":"The time over which cpu was measured."},
      """;
  private static final String USAGE =
      """
      "usage":{"type":"object","description":"What was used of each resource.",
        "additionalProperties":{"type":"string"}}
      """;
  private static final String NODE =
      "{\"type\":\"object\",\"properties\":{" + COMMON + USAGE + "}}";
  private static final String POD =
      "{\"type\":\"object\",\"properties\":{"
          + COMMON
          + "\"containers\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
          + "\"name\":{\"type\":\"string\"},"
          + USAGE
          + "}}}}}";

  private MetricsResources() {}

  /** Lets discovery and OpenAPI know them. */
  public static void addTo(Catalogue catalogue) {
    add(catalogue, "nodes", "NodeMetrics", false, NODE);
    add(catalogue, "pods", "PodMetrics", true, POD);
  }

  private static void add(
      Catalogue catalogue, String name, String kind, boolean namespaced, String openApi) {
    GroupVersionKind gvk = new GroupVersionKind(GROUP, VERSION.version(), kind);
    Schema schema =
        Schema.builder(Schema.Kind.OBJECT).kind(gvk).preserveUnknownFields(true).build();
    ResourceInfo info =
        new ResourceInfo(
            new GroupVersionResource(GROUP, VERSION.version(), name),
            gvk,
            "",
            namespaced,
            List.of(),
            List.of(),
            List.of("get", "list"),
            List.of(),
            schema);
    catalogue.add(
        new GroupResource(GROUP, name),
        List.of(
            new AddedResource(
                info,
                tree -> List.of(),
                () -> Json.parseObject(openApi.getBytes(StandardCharsets.UTF_8)),
                "")));
  }
}
