package io.kubra.addons.manifests;

import io.kubra.client.ApiClient;
import io.kubra.controllers.runtime.ServerResources;
import io.kubra.controllers.runtime.ServerResources.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which resource holds the objects of a kind, as the server tells; asked again when unknown. */
final class ServedKinds {
  private static final Pattern API_VERSION = Pattern.compile("([a-z0-9.-]+/)?[a-z0-9]+");

  private final ApiClient client;
  private final Map<String, List<Resource>> known = new HashMap<>();

  ServedKinds(ApiClient client) {
    this.client = client;
  }

  /**
   * The resource of an object.
   *
   * @throws ManifestProblem in kubectl's words, if there is none
   */
  Resource of(ManifestObject object) {
    return find(object)
        .orElseThrow(
            () ->
                new ManifestProblem(
                    "no matches for kind \"%s\" in version \"%s\""
                        .formatted(object.kind(), object.apiVersion())));
  }

  /** The resource of an object, if it is served. */
  Optional<Resource> find(ManifestObject object) {
    Optional<Resource> found =
        match(known.getOrDefault(object.apiVersion(), List.of()), object.kind());
    if (found.isEmpty() && API_VERSION.matcher(object.apiVersion()).matches()) {
      List<Resource> fresh = ServerResources.list(client, object.apiVersion());
      known.put(object.apiVersion(), fresh);
      found = match(fresh, object.kind());
    }
    return found;
  }

  private static Optional<Resource> match(List<Resource> resources, String kind) {
    return resources.stream().filter(r -> r.kind().equals(kind)).findFirst();
  }

  /** Forgets everything, as definitions may have changed. */
  void forget() {
    known.clear();
  }
}
