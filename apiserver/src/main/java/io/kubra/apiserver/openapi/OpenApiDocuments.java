package io.kubra.apiserver.openapi;

import io.kubra.api.meta.GroupVersion;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.apiserver.discovery.ServedGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Puts documents together: OpenAPI v3 for a group version, OpenAPI v2 for all of them. */
final class OpenApiDocuments {
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

  private final Catalogue catalogue;
  private final String serverVersion;
  private final Descriptions descriptions = Descriptions.load();

  OpenApiDocuments(Catalogue catalogue, String serverVersion) {
    this.catalogue = catalogue;
    this.serverVersion = serverVersion;
  }

  /** The document of one group version. */
  Map<String, Object> v3(ServedGroup group, String version) {
    PathWriter paths = new PathWriter(catalogue, Dialect.V3);
    add(paths, group, version);
    TreeSet<String> roots = new TreeSet<>(paths.types());
    roots.add(META + "WatchEvent");
    SchemaWriter schemas = new SchemaWriter(catalogue, descriptions, Dialect.V3);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.0.0");
    document.put("info", info());
    document.put("paths", paths.paths());
    document.put(
        "components",
        Dialect.tree(
            "schemas",
            schemas.closure(roots),
            "securitySchemes",
            Dialect.tree(
                "BearerToken",
                Dialect.tree(
                    "type", "apiKey",
                    "description", "Bearer Token authentication",
                    "name", "authorization",
                    "in", "header"))));
    return document;
  }

  /** The document of everything. */
  Map<String, Object> v2(List<ServedGroup> groups, ForeignDocuments foreign) {
    PathWriter paths = new PathWriter(catalogue, Dialect.V2);
    for (ServedGroup group : groups) {
      for (String version : group.versions().keySet()) {
        if (foreign.v2(new GroupVersion(group.name(), version)) == null) {
          add(paths, group, version);
        }
      }
    }
    TreeSet<String> roots = new TreeSet<>(paths.types());
    roots.add(META + "WatchEvent");
    SchemaWriter schemas = new SchemaWriter(catalogue, descriptions, Dialect.V2);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("swagger", "2.0");
    document.put("info", info());
    document.put("paths", paths.paths());
    document.put("definitions", schemas.closure(roots));
    document.put(
        "securityDefinitions",
        Dialect.tree(
            "BearerToken",
            Dialect.tree(
                "description", "Bearer Token authentication",
                "type", "apiKey",
                "name", "authorization",
                "in", "header")));
    document.put("security", List.of(Dialect.tree("BearerToken", List.of())));
    foreign.v2().forEach(part -> DocumentMerge.add(document, part));
    return document;
  }

  private static void add(PathWriter paths, ServedGroup group, String version) {
    String root = (group.name().isEmpty() ? "/api/" : "/apis/") + group.groupVersion(version);
    paths.discovery(root, group.name(), version);
    for (ResourceInfo info : group.versions().getOrDefault(version, List.of())) {
      paths.resource(root, info);
    }
  }

  private Map<String, Object> info() {
    return Dialect.tree("title", "Kubernetes", "version", serverVersion);
  }
}
