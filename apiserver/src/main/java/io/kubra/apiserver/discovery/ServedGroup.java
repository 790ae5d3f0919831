package io.kubra.apiserver.discovery;

import io.kubra.api.meta.VersionOrder;
import io.kubra.api.schema.AddedResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group with its served versions, most preferred first. The core group is the empty string.
 *
 * @param versions the resources of each version, in the order of their names
 */
public record ServedGroup(String name, Map<String, List<ResourceInfo>> versions) {
  /** The order in which clients are to try groups; kubectl resolves short names by it. */
  public static final List<String> ORDER =
      List.of(
          "",
          "apiregistration.k8s.io",
          "apps",
          "events.k8s.io",
          "authentication.k8s.io",
          "authorization.k8s.io",
          "autoscaling",
          "batch",
          "certificates.k8s.io",
          "networking.k8s.io",
          "policy",
          "rbac.authorization.k8s.io",
          "storage.k8s.io",
          "admissionregistration.k8s.io",
          "apiextensions.k8s.io",
          "scheduling.k8s.io",
          "coordination.k8s.io",
          "node.k8s.io",
          "discovery.k8s.io",
          "resource.k8s.io",
          "flowcontrol.apiserver.k8s.io");

  /** The groups that are served: what the catalogue offers. */
  public static List<ServedGroup> of(Catalogue catalogue) {
    Map<String, Map<String, List<ResourceInfo>>> groups = new LinkedHashMap<>();
    for (ResourceInfo resource : catalogue.offered()) {
      groups
          .computeIfAbsent(resource.gvr().group(), g -> new LinkedHashMap<>())
          .computeIfAbsent(resource.gvr().version(), v -> new ArrayList<>())
          .add(resource);
    }
    Map<String, Integer> priorities = new HashMap<>();
    for (AddedResource added : catalogue.added()) {
      priorities.merge(added.info().gvr().group(), added.priority(), Math::max);
    }
    List<ServedGroup> served = new ArrayList<>();
    groups.forEach((name, versions) -> served.add(new ServedGroup(name, newestFirst(versions))));
    served.sort(
        Comparator.comparingInt(ServedGroup::rank)
            .thenComparing(group -> -priorities.getOrDefault(group.name(), 0))
            .thenComparing(ServedGroup::name));
    return List.copyOf(served);
  }

  /** {@code apps/v1}, or {@code v1} in the core group. */
  public String groupVersion(String version) {
    return name.isEmpty() ? version : name + "/" + version;
  }

  /** The version to use when there is a choice. */
  public String preferredVersion() {
    return versions.keySet().iterator().next();
  }

  /** The resources of a version, or null if it is not served. */
  public @Nullable List<ResourceInfo> version(String version) {
    return versions.get(version);
  }

  private int rank() {
    int at = ORDER.indexOf(name);
    return at < 0 ? ORDER.size() : at;
  }

  private static Map<String, List<ResourceInfo>> newestFirst(
      Map<String, List<ResourceInfo>> versions) {
    Map<String, List<ResourceInfo>> sorted = new LinkedHashMap<>();
    versions.keySet().stream()
        .sorted(VersionOrder.INSTANCE)
        .forEach(v -> sorted.put(v, byName(versions.getOrDefault(v, List.of()))));
    return sorted;
  }

  private static List<ResourceInfo> byName(List<ResourceInfo> resources) {
    return resources.stream().sorted(Comparator.comparing(r -> r.gvr().resource())).toList();
  }
}
