package io.kubra.apiserver.aggregation;

import io.kubra.api.meta.GroupVersion;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.AddedResource;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.schema.Schema;
import io.kubra.api.schema.SubresourceInfo;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads what another server says that it serves. */
final class DiscoveredResources {
  private DiscoveredResources() {}

  /** The resources of an APIResourceList. */
  static List<ResourceInfo> read(GroupVersion version, Map<String, Object> list) {
    List<Map<String, Object>> entries = Trees.maps(list, "resources");
    List<ResourceInfo> resources = new ArrayList<>();
    for (Map<String, Object> entry : entries) {
      String name = Trees.stringOr(entry, "", "name");
      if (!name.isEmpty() && name.indexOf('/') < 0) {
        resources.add(resource(version, name, entry, entries));
      }
    }
    return List.copyOf(resources);
  }

  private static ResourceInfo resource(
      GroupVersion version,
      String name,
      Map<String, Object> entry,
      List<Map<String, Object>> entries) {
    List<SubresourceInfo> subresources = new ArrayList<>();
    for (Map<String, Object> other : entries) {
      String full = Trees.stringOr(other, "", "name");
      if (full.startsWith(name + "/")) {
        subresources.add(
            new SubresourceInfo(
                full.substring(name.length() + 1), kind(version, other), verbs(other)));
      }
    }
    GroupVersionKind kind = kind(version, entry);
    Schema type =
        Schema.lazy(
            AddedResource.typeName(version.group(), version.version(), kind.kind()),
            kind,
            true,
            () -> Schema.builder(Schema.Kind.OBJECT).build());
    return new ResourceInfo(
        version.resource(name),
        kind,
        Trees.stringOr(entry, "", "singularName"),
        Trees.bool(entry, "namespaced"),
        List.copyOf(Trees.strings(entry, "shortNames")),
        List.copyOf(Trees.strings(entry, "categories")),
        verbs(entry),
        List.copyOf(subresources),
        type);
  }

  private static GroupVersionKind kind(GroupVersion version, Map<String, Object> entry) {
    String group = Trees.stringOr(entry, "", "group");
    String own = Trees.stringOr(entry, "", "version");
    return new GroupVersionKind(
        group.isEmpty() && own.isEmpty() ? version.group() : group,
        own.isEmpty() ? version.version() : own,
        Trees.stringOr(entry, "", "kind"));
  }

  private static List<String> verbs(Map<String, Object> entry) {
    return List.copyOf(Trees.strings(entry, "verbs"));
  }
}
