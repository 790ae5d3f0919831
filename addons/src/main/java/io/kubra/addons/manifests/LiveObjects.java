package io.kubra.addons.manifests;

import io.kubra.addons.custom.ServedKinds;
import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.PatchType;
import io.kubra.controllers.runtime.ServerResources.Resource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The objects in the cluster that manifests stand for. An object belongs to the Addon that its
 * annotation names; what belongs to nobody or to another is left alone.
 */
final class LiveObjects {
  /** The annotation that names the Addon an object belongs to. */
  static final String OWNER = "addons.kubra.io/addon";

  /** The annotation by which a manifest takes over an object that is there already. */
  static final String ADOPT = "addons.kubra.io/adopt";

  private static final String MANAGER = "kubra-manifests";

  private final ApiClient client;
  private final ServedKinds kinds;

  LiveObjects(ApiClient client, ServedKinds kinds) {
    this.client = client;
    this.kinds = kinds;
  }

  /**
   * Where an object lives: its namespace filled in, or taken away where the kind has none.
   *
   * @throws ManifestProblem if its kind is not served
   */
  ManifestObject place(ManifestObject object) {
    boolean namespaced = resource(object).namespaced();
    return object.in(
        !namespaced ? "" : object.namespace().isEmpty() ? "default" : object.namespace());
  }

  /**
   * Applies an object.
   *
   * @param gone tells of Addons that have lost their file, whose objects may be taken over
   * @return the object with its uid
   * @throws ManifestProblem if it belongs to somebody else
   * @throws ApiException if the server refuses
   */
  ManifestObject apply(
      Map<String, Object> tree, ManifestObject object, String addon, Predicate<String> gone) {
    String path = path(resource(object), object);
    Optional<Object> live = find(path);
    if (live.isPresent()) {
      String owner = owner(live.get());
      boolean ours = owner.equals(addon) || (!owner.isEmpty() && gone.test(owner));
      if (!ours && !"true".equals(Trees.string(tree, "metadata", "annotations", ADOPT))) {
        throw new ManifestProblem(
            "%s is there already and %s; it is left alone unless its manifest has the annotation"
                    .formatted(
                        object,
                        owner.isEmpty() ? "was not made from here" : "belongs to Addon " + owner)
                + " "
                + ADOPT
                + ": \"true\"");
      }
    }
    Map<String, Object> body = Trees.deepCopy(tree);
    if (object.namespace().isEmpty()) {
      Trees.remove(body, "metadata", "namespace");
    } else {
      Trees.set(body, object.namespace(), "metadata", "namespace");
    }
    Trees.ensureMap(body, "metadata", "annotations").put(OWNER, addon);
    byte[] answer =
        client.call(
            ApiRequest.of(
                "PATCH",
                path + "?fieldManager=" + MANAGER + (live.isPresent() ? "&force=true" : ""),
                PatchType.APPLY.contentType(),
                Json.write(body)));
    return object.withUid(uid(Json.parse(answer)));
  }

  /** Deletes an object if it is still the one that was applied; returns whether it was. */
  boolean delete(ManifestObject object, String addon) {
    Optional<Resource> resource = kinds.find(object.apiVersion(), object.kind());
    if (resource.isEmpty()) {
      // With its kind all of its objects have gone.
      return false;
    }
    String path = path(resource.get(), object);
    Optional<Object> live = find(path);
    if (live.isEmpty() || !owner(live.get()).equals(addon)) {
      return false;
    }
    String uid = uid(live.get());
    if (!object.uid().isEmpty() && !object.uid().equals(uid)) {
      return false;
    }
    try {
      client.call(
          ApiRequest.of(
              "DELETE",
              path,
              "application/json",
              Json.write(
                  Map.of(
                      "kind", "DeleteOptions",
                      "apiVersion", "v1",
                      "propagationPolicy", "Background",
                      "preconditions", Map.of("uid", uid)))));
      return true;
    } catch (ApiException e) {
      if (e.code() == 404 || e.code() == 409) {
        return false;
      }
      throw e;
    }
  }

  private Resource resource(ManifestObject object) {
    return kinds
        .find(object.apiVersion(), object.kind())
        .orElseThrow(
            () ->
                new ManifestProblem(
                    "no matches for kind \"%s\" in version \"%s\""
                        .formatted(object.kind(), object.apiVersion())));
  }

  private Optional<Object> find(String path) {
    try {
      return Optional.ofNullable(Json.parse(client.call(ApiRequest.get(path))));
    } catch (ApiException e) {
      if (e.code() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String owner(Object live) {
    return Trees.stringOr(live, "", "metadata", "annotations", OWNER);
  }

  private static String uid(@Nullable Object live) {
    return Trees.stringOr(live, "", "metadata", "uid");
  }

  private static String path(Resource resource, ManifestObject object) {
    return resource.path(ApiRequest.encode(object.namespace()))
        + "/"
        + ApiRequest.encode(object.name());
  }
}
