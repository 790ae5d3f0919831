package io.kubra.conformance.cluster;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The groups, versions and resources that a cluster serves, read once. Custom resources that are
 * added later are not seen.
 */
public final class Discovery {
  private final Kube kube;
  private final List<String> groupVersions = new ArrayList<>();
  private final Map<String, List<Map<String, Object>>> resources = new ConcurrentHashMap<>();
  private final Map<String, String> trouble = new HashMap<>();

  /**
   * Reads the groups.
   *
   * @throws ApiException if the server refuses even that
   */
  public Discovery(Kube kube) {
    this.kube = kube;
    groupVersions.addAll(Trees.strings(kube.get("/api"), "versions"));
    for (Map<String, Object> group : Trees.maps(kube.get("/apis"), "groups")) {
      for (Map<String, Object> version : Trees.maps(group, "versions")) {
        groupVersions.add(Trees.stringOr(version, "", "groupVersion"));
      }
    }
  }

  /** All groups with versions, such as {@code apps/v1}, and {@code v1}. */
  public List<String> groupVersions() {
    return List.copyOf(groupVersions);
  }

  /** Whether a group and version is served. */
  public boolean serves(String groupVersion) {
    return groupVersions.contains(groupVersion);
  }

  /** The resources of a group and version, without subresources; empty if it is not served. */
  public List<Map<String, Object>> resources(String groupVersion) {
    return resources.computeIfAbsent(groupVersion, this::readResources);
  }

  private List<Map<String, Object>> readResources(String groupVersion) {
    if (!serves(groupVersion)) {
      return List.of();
    }
    try {
      return Trees.maps(kube.get(root(groupVersion)), "resources").stream()
          .filter(r -> !Trees.stringOr(r, "", "name").contains("/"))
          .toList();
    } catch (ApiException e) {
      // An aggregated API whose server is down is listed and does not answer.
      synchronized (trouble) {
        trouble.put(groupVersion, e.message());
      }
      return List.of();
    }
  }

  /** The path below which a group and version's resources lie. */
  public static String root(String groupVersion) {
    return groupVersion.contains("/") ? "/apis/" + groupVersion : "/api/" + groupVersion;
  }

  /** Whether a kind is served in a group and version. */
  public boolean hasKind(String groupVersion, String kind) {
    return resource(groupVersion, kind).isPresent();
  }

  private Optional<Map<String, Object>> resource(String groupVersion, String kind) {
    return resources(groupVersion).stream()
        .filter(r -> kind.equals(Trees.string(r, "kind")))
        .findFirst();
  }

  /** The paths of the collections that can be listed, of all namespaces or of none. */
  public List<String> collections(String groupVersion, boolean namespaced) {
    return resources(groupVersion).stream()
        .filter(r -> Trees.bool(r, "namespaced") == namespaced)
        .filter(r -> Trees.strings(r, "verbs").contains("list"))
        .map(r -> root(groupVersion) + "/" + Trees.stringOr(r, "", "name"))
        .toList();
  }

  /**
   * Whether objects of this one's kind are in namespaces.
   *
   * @throws UnservedException if the cluster does not serve the kind
   */
  public boolean namespaced(Map<String, Object> object) {
    return Trees.bool(kind(object), "namespaced");
  }

  private Map<String, Object> kind(Map<String, Object> object) {
    String groupVersion = Trees.stringOr(object, "", "apiVersion");
    String kind = Trees.stringOr(object, "", "kind");
    return resource(groupVersion, kind)
        .orElseThrow(
            () -> new UnservedException("the cluster serves no " + kind + " in " + groupVersion));
  }

  /**
   * The path of the collection that an object of this kind goes to.
   *
   * @throws UnservedException if the cluster does not serve the kind
   */
  public String collection(Map<String, Object> object) {
    String groupVersion = Trees.stringOr(object, "", "apiVersion");
    Map<String, Object> resource = kind(object);
    String plural = Trees.stringOr(resource, "", "name");
    return Trees.bool(resource, "namespaced")
        ? root(groupVersion) + "/namespaces/" + Named.namespace(object) + "/" + plural
        : root(groupVersion) + "/" + plural;
  }
}
