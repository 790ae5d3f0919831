package io.kubra.apiserver.discovery;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.schema.SubresourceInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The document of aggregated discovery: all resources of all groups in one list. */
final class AggregatedDiscovery {
  private AggregatedDiscovery() {}

  /** Lists the groups; {@code version} is v2 or v2beta1, which differ in name only. */
  static Map<String, Object> list(List<ServedGroup> groups, String version) {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("kind", "APIGroupDiscoveryList");
    list.put("apiVersion", "apidiscovery.k8s.io/" + version);
    list.put("metadata", Map.of());
    list.put("items", groups.stream().map(AggregatedDiscovery::group).toList());
    return list;
  }

  private static Map<String, Object> group(ServedGroup group) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    if (!group.name().isEmpty()) {
      metadata.put("name", group.name());
    }
    List<Object> versions = new ArrayList<>();
    group.versions().forEach((name, resources) -> versions.add(version(name, resources)));
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("metadata", metadata);
    item.put("versions", versions);
    return item;
  }

  private static Map<String, Object> version(String name, List<ResourceInfo> resources) {
    Map<String, Object> version = new LinkedHashMap<>();
    version.put("version", name);
    version.put("resources", resources.stream().map(AggregatedDiscovery::resource).toList());
    version.put("freshness", "Current");
    return version;
  }

  private static Map<String, Object> resource(ResourceInfo info) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("resource", info.gvr().resource());
    resource.put("responseKind", kind(info.kind()));
    resource.put("scope", info.namespaced() ? "Namespaced" : "Cluster");
    resource.put("singularResource", info.singular());
    resource.put("verbs", info.verbs());
    if (!info.shortNames().isEmpty()) {
      resource.put("shortNames", info.shortNames());
    }
    if (!info.categories().isEmpty()) {
      resource.put("categories", info.categories());
    }
    if (!info.subresources().isEmpty()) {
      resource.put(
          "subresources",
          info.subresources().stream().map(AggregatedDiscovery::subresource).toList());
    }
    return resource;
  }

  private static Map<String, Object> subresource(SubresourceInfo info) {
    Map<String, Object> subresource = new LinkedHashMap<>();
    subresource.put("subresource", info.name());
    subresource.put("responseKind", kind(info.kind()));
    subresource.put("verbs", info.verbs());
    return subresource;
  }

  private static Map<String, Object> kind(GroupVersionKind kind) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("group", kind.group());
    tree.put("version", kind.version());
    tree.put("kind", kind.kind());
    return tree;
  }
}
