package io.kubra.addons.helm.release;

import io.kubra.addons.custom.ServedKinds;
import io.kubra.addons.helm.library.HelmException;
import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objects of a release in the cluster, as far as they are waited for here. */
public final class ReleaseObjects {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private record Place(String kind, String namespace, String name, String path) {}

  private final ApiClient client;
  private final List<Place> places = new ArrayList<>();

  /** The objects of a manifest; those of kinds that are not served are none. */
  public ReleaseObjects(ApiClient client, Release release) {
    this.client = client;
    ServedKinds kinds = new ServedKinds(client);
    for (Object document : Yaml.parseAll(release.manifest())) {
      String kind = Trees.stringOr(document, "", "kind");
      String name = Trees.stringOr(document, "", "metadata", "name");
      String namespace = Trees.stringOr(document, release.namespace(), "metadata", "namespace");
      kinds
          .find(Trees.stringOr(document, "", "apiVersion"), kind)
          .ifPresent(
              r -> {
                String path = r.path(ApiRequest.encode(namespace)) + "/" + ApiRequest.encode(name);
                places.add(new Place(kind, namespace, name, path));
              });
    }
  }

  /**
   * Waits until all Jobs are complete.
   *
   * @throws HelmException if one fails, or they are not in time
   */
  public void awaitJobs(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    for (Place place : places) {
      if (place.kind.equals("Job")) {
        while (!complete(place)) {
          pause(end);
        }
      }
    }
  }

  private boolean complete(Place job) {
    Object live = find(job).orElse(Map.of());
    for (Map<String, Object> condition : Trees.maps(live, "status", "conditions")) {
      if ("True".equals(condition.get("status"))) {
        if ("Failed".equals(condition.get("type"))) {
          throw new HelmException("job is failed: " + job.namespace + "/" + job.name);
        }
        if ("Complete".equals(condition.get("type"))) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Waits until all objects are gone.
   *
   * @throws HelmException if they are not in time
   */
  public void awaitGone(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    for (Place place : places) {
      while (find(place).isPresent()) {
        pause(end);
      }
    }
  }

  /** Marks what is there already as the release's, so that Helm does not refuse to change it. */
  public void own(String release, String namespace) {
    byte[] marks =
        Json.write(
            Map.of(
                "metadata",
                Map.of(
                    "labels",
                    Map.of("app.kubernetes.io/managed-by", "Helm"),
                    "annotations",
                    Map.of(
                        "meta.helm.sh/release-name", release,
                        "meta.helm.sh/release-namespace", namespace))));
    for (Place place : places) {
      if (find(place).isPresent()) {
        client.call(ApiRequest.of("PATCH", place.path, PatchType.MERGE.contentType(), marks));
      }
    }
  }

  private Optional<Object> find(Place place) {
    try {
      return Optional.ofNullable(Json.parse(client.call(ApiRequest.get(place.path))));
    } catch (ApiException e) {
      if (e.code() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static void pause(long end) {
    if (System.nanoTime() > end) {
      throw new HelmException("context deadline exceeded");
    }
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HelmException("context canceled", e);
    }
  }
}
