package io.kubra.apiserver.discovery;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.schema.SubresourceInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The documents of legacy discovery: APIVersions, APIGroupList, APIGroup and APIResourceList. */
final class LegacyDiscovery {
  private LegacyDiscovery() {}

  /** The document of {@code /api}. */
  static Map<String, Object> versions(String serverAddress) {
    Map<String, Object> address = new LinkedHashMap<>();
    address.put("clientCIDR", "0.0.0.0/0");
    address.put("serverAddress", serverAddress);
    Map<String, Object> versions = new LinkedHashMap<>();
    versions.put("kind", "APIVersions");
    versions.put("versions", List.of("v1"));
    versions.put("serverAddressByClientCIDRs", List.of(address));
    return versions;
  }

  /** The document of {@code /apis}. */
  static Map<String, Object> groups(List<ServedGroup> groups) {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("kind", "APIGroupList");
    list.put("apiVersion", "v1");
    list.put(
        "groups",
        groups.stream().filter(g -> !g.name().isEmpty()).map(LegacyDiscovery::entry).toList());
    return list;
  }

  /** The document of {@code /apis/<group>}. */
  static Map<String, Object> group(ServedGroup group) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", "APIGroup");
    document.put("apiVersion", "v1");
    document.putAll(entry(group));
    return document;
  }

  /** The document of {@code /api/v1} and {@code /apis/<group>/<version>}. */
  static Map<String, Object> resources(ServedGroup group, String version) {
    List<Object> resources = new ArrayList<>();
    for (ResourceInfo info : group.versions().getOrDefault(version, List.of())) {
      resources.add(resource(info));
      for (SubresourceInfo subresource : info.subresources()) {
        resources.add(subresource(info, subresource));
      }
    }
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("kind", "APIResourceList");
    if (!group.name().isEmpty()) {
      list.put("apiVersion", "v1");
    }
    list.put("groupVersion", group.groupVersion(version));
    list.put("resources", resources);
    return list;
  }

  private static Map<String, Object> entry(ServedGroup group) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", group.name());
    entry.put("versions", group.versions().keySet().stream().map(v -> version(group, v)).toList());
    entry.put("preferredVersion", version(group, group.preferredVersion()));
    return entry;
  }

  private static Map<String, Object> version(ServedGroup group, String version) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("groupVersion", group.groupVersion(version));
    entry.put("version", version);
    return entry;
  }

  private static Map<String, Object> resource(ResourceInfo info) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("name", info.gvr().resource());
    resource.put("singularName", info.singular());
    resource.put("namespaced", info.namespaced());
    foreignKind(resource, info, info.kind());
    resource.put("kind", info.kind().kind());
    resource.put("verbs", info.verbs());
    if (!info.shortNames().isEmpty()) {
      resource.put("shortNames", info.shortNames());
    }
    if (!info.categories().isEmpty()) {
      resource.put("categories", info.categories());
    }
    if (info.supports("list")) {
      resource.put("storageVersionHash", storageVersionHash(info.kind()));
    }
    return resource;
  }

  private static Map<String, Object> subresource(ResourceInfo info, SubresourceInfo subresource) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("name", info.gvr().resource() + "/" + subresource.name());
    resource.put("singularName", "");
    resource.put("namespaced", info.namespaced());
    foreignKind(resource, info, subresource.kind());
    resource.put("kind", subresource.kind().kind());
    resource.put("verbs", subresource.verbs());
    return resource;
  }

  /** Says the kind's group and version only where they are not the resource's. */
  private static void foreignKind(
      Map<String, Object> resource, ResourceInfo info, GroupVersionKind kind) {
    if (!kind.groupVersion().equals(info.gvr().groupVersion())) {
      resource.put("group", kind.group());
      resource.put("version", kind.version());
    }
  }

  private static String storageVersionHash(GroupVersionKind kind) {
    String text = kind.group() + "/" + kind.version() + "/" + kind.kind();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(Arrays.copyOf(digest, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
