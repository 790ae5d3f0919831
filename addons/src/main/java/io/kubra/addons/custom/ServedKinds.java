package io.kubra.addons.custom;

import io.kubra.client.ApiClient;
import io.kubra.controllers.runtime.ServerResources;
import io.kubra.controllers.runtime.ServerResources.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which resource holds the objects of a kind, as the server tells; asked again when unknown. */
public final class ServedKinds {
  private static final Pattern API_VERSION = Pattern.compile("([a-z0-9.-]+/)?[a-z0-9]+");

  private final ApiClient client;
  private final Map<String, List<Resource>> known = new HashMap<>();

  /** What a server serves. */
  public ServedKinds(ApiClient client) {
    this.client = client;
  }

  /** The resource of a kind, if it is served. */
  public Optional<Resource> find(String apiVersion, String kind) {
    Optional<Resource> found = match(known.getOrDefault(apiVersion, List.of()), kind);
    if (found.isEmpty() && API_VERSION.matcher(apiVersion).matches()) {
      List<Resource> fresh = ServerResources.list(client, apiVersion);
      known.put(apiVersion, fresh);
      found = match(fresh, kind);
    }
    return found;
  }

  private static Optional<Resource> match(List<Resource> resources, String kind) {
    return resources.stream().filter(r -> r.kind().equals(kind)).findFirst();
  }

  /** Forgets everything, as definitions may have changed. */
  public void forget() {
    known.clear();
  }
}
