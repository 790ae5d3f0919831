package io.kubra.console.reading;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds of objects that the cluster serves, custom ones too. */
public final class Kinds {
  private static final String ACCEPT =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  private Kinds() {}

  /**
   * A kind that can be listed.
   *
   * @param group empty for the core group
   */
  public record Kind(String group, String version, String plural, String kind, boolean namespaced) {
    /** The path of the collection in the API. */
    public String collection(String namespace) {
      String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
      return namespaced && !namespace.isEmpty()
          ? root + "/namespaces/" + namespace + "/" + plural
          : root + "/" + plural;
    }

    /** The path of one object in the API. */
    public String object(String namespace, String name) {
      return collection(namespace) + "/" + name;
    }

    /** How the page names the kind in its paths: {@code pods} or {@code deployments.apps}. */
    public String id() {
      return group.isEmpty() ? plural : plural + "." + group;
    }
  }

  /** All kinds that can be listed, each in its preferred version, ordered by group and name. */
  public static List<Kind> all(ApiClient api) {
    List<Kind> kinds = new ArrayList<>();
    for (String root : List.of("/api", "/apis")) {
      byte[] body = api.call(new ApiRequest("GET", root, Map.of("Accept", ACCEPT), null));
      for (Map<String, Object> group : Trees.maps(Json.parseObject(body), "items")) {
        Trees.maps(group, "versions").stream()
            .findFirst()
            .ifPresent(v -> add(kinds, Trees.stringOr(group, "", "metadata", "name"), v));
      }
    }
    return kinds;
  }

  private static void add(List<Kind> kinds, String group, Map<String, Object> version) {
    for (Map<String, Object> resource : Trees.maps(version, "resources")) {
      if (Trees.strings(resource, "verbs").contains("list")) {
        kinds.add(
            new Kind(
                group,
                Trees.stringOr(version, "", "version"),
                Trees.stringOr(resource, "", "resource"),
                Trees.stringOr(resource, "", "responseKind", "kind"),
                "Namespaced".equals(Trees.string(resource, "scope"))));
      }
    }
  }

  /** The kind of an id such as {@code deployments.apps}. */
  public static Optional<Kind> find(ApiClient api, String id) {
    return all(api).stream().filter(k -> k.id().equals(id)).findFirst();
  }
}
