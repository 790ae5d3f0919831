package io.kubra.controllers.runtime;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import java.util.ArrayList;
import java.util.List;

/** The resources that the API server offers, in each group's preferred version. */
public final class ServerResources {
  /**
   * One resource.
   *
   * @param kind the kind of its objects
   * @param verbs what can be done with it
   */
  public record Resource(
      String group,
      String version,
      String name,
      String kind,
      boolean namespaced,
      List<String> verbs) {
    /** Whether a verb is offered. */
    public boolean has(String verb) {
      return verbs.contains(verb);
    }

    /** The path of the collection in a namespace, or of the whole resource for an empty one. */
    public String path(String namespace) {
      String base = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
      return namespaced && !namespace.isEmpty()
          ? base + "/namespaces/" + namespace + "/" + name
          : base + "/" + name;
    }
  }

  private ServerResources() {}

  /** Asks the server. */
  public static List<Resource> list(ApiClient api) {
    List<Resource> resources = new ArrayList<>();
    read(api, "/api/v1", "", "v1", resources);
    Object groups = Json.parse(api.call(ApiRequest.get("/apis")));
    for (Object group : Trees.list(groups, "groups")) {
      String name = Trees.stringOr(group, "", "name");
      String version = Trees.stringOr(group, "", "preferredVersion", "version");
      read(api, "/apis/" + name + "/" + version, name, version, resources);
    }
    return resources;
  }

  /** The resources of one group and version; none if it is not served. */
  public static List<Resource> list(ApiClient api, String apiVersion) {
    int slash = apiVersion.indexOf('/');
    List<Resource> resources = new ArrayList<>();
    try {
      read(
          api,
          (slash < 0 ? "/api/" : "/apis/") + apiVersion,
          slash < 0 ? "" : apiVersion.substring(0, slash),
          apiVersion.substring(slash + 1),
          resources);
    } catch (ApiException e) {
      if (e.code() != 404) {
        throw e;
      }
    }
    return resources;
  }

  private static void read(
      ApiClient api, String path, String group, String version, List<Resource> resources) {
    for (Object entry : Trees.list(Json.parse(api.call(ApiRequest.get(path))), "resources")) {
      String name = Trees.stringOr(entry, "", "name");
      if (name.contains("/")) {
        continue;
      }
      resources.add(
          new Resource(
              group,
              version,
              name,
              Trees.stringOr(entry, "", "kind"),
              Trees.bool(entry, "namespaced"),
              Trees.list(entry, "verbs").stream().map(String::valueOf).toList()));
    }
  }
}
