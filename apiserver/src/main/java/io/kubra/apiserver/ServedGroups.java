package io.kubra.apiserver;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersion;
import io.kubra.api.schema.AddedResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.apiserver.request.GroupRegistry;
import io.kubra.apiserver.request.LocalGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The group versions that are served by others than this server's own resources. */
final class ServedGroups implements GroupRegistry {
  private final Catalogue catalogue;
  private final Map<GroupVersion, LocalGroup> groups = new ConcurrentHashMap<>();
  private final Map<GroupVersion, List<ResourceInfo>> resources = new HashMap<>();
  private final Map<GroupVersion, Integer> priorities = new HashMap<>();

  /** Begins with groups whose resources are in the catalogue already. */
  ServedGroups(Catalogue catalogue, List<LocalGroup> local) {
    this.catalogue = catalogue;
    local.forEach(group -> groups.put(group.version(), group));
  }

  /** The one that serves a version, or null. */
  @Nullable LocalGroup get(String group, String version) {
    return groups.isEmpty() ? null : groups.get(new GroupVersion(group, version));
  }

  @Override
  public synchronized void serve(LocalGroup group, List<ResourceInfo> offered) {
    groups.put(group.version(), group);
    publish(group.version(), List.copyOf(offered));
  }

  @Override
  public synchronized void withdraw(GroupVersion version) {
    groups.remove(version);
    publish(version, List.of());
  }

  private void publish(GroupVersion version, List<ResourceInfo> now) {
    List<ResourceInfo> before = resources.getOrDefault(version, List.of());
    Integer priority = priority(version);
    if (names(before).equals(names(now)) && priority.equals(priorities.get(version))) {
      return;
    }
    resources.put(version, now);
    priorities.put(version, priority);
    List<ResourceInfo> touched = new ArrayList<>(before);
    touched.addAll(now);
    touched.stream().map(ResourceInfo::groupResource).distinct().forEach(this::publish);
  }

  private static List<String> names(List<ResourceInfo> infos) {
    return infos.stream().map(i -> i.gvr() + " " + i.kind() + i.verbs() + i.namespaced()).toList();
  }

  /** Publishes a resource in all versions in which anyone serves it. */
  private void publish(GroupResource resource) {
    List<AddedResource> versions = new ArrayList<>();
    for (List<ResourceInfo> infos : resources.values()) {
      for (ResourceInfo info : infos) {
        if (info.groupResource().equals(resource)) {
          versions.add(
              new AddedResource(
                  info,
                  tree -> List.of(),
                  ServedGroups::anything,
                  "",
                  priority(info.gvr().groupVersion())));
        }
      }
    }
    catalogue.add(resource, versions);
  }

  private int priority(GroupVersion version) {
    LocalGroup group = groups.get(version);
    return group == null ? AddedResource.CUSTOM_PRIORITY : group.priority();
  }

  private static Map<String, Object> anything() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("x-kubernetes-preserve-unknown-fields", true);
    return schema;
  }
}
