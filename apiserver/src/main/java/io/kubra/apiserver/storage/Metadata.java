package io.kubra.apiserver.storage;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the server sets in every object's metadata, whatever the client sent. */
final class Metadata {
  private static final List<String> KEPT =
      List.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation");

  private Metadata() {}

  /** Fills in what a new object gets before admission sees it. */
  static void initialise(
      ServedResource r, String namespace, Map<String, Object> object, Instant now) {
    Map<String, Object> metadata = Trees.ensureMap(object, "metadata");
    if (!Trees.stringOr(metadata, "", "resourceVersion").isEmpty()) {
      throw ApiException.generic(
          500, "", "resourceVersion should not be set on objects to be created");
    }
    matchNamespace(r, namespace, metadata);
    metadata.remove("resourceVersion");
    metadata.remove("selfLink");
    metadata.remove("deletionTimestamp");
    metadata.remove("deletionGracePeriodSeconds");
    metadata.remove("generation");
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", Times.format(now));
  }

  /** Sets the namespace from the path, or refuses one that differs. */
  static void matchNamespace(ServedResource r, String namespace, Map<String, Object> metadata) {
    if (!r.info().namespaced()) {
      metadata.remove("namespace");
      return;
    }
    String own = Trees.stringOr(metadata, "", "namespace");
    if (own.isEmpty()) {
      metadata.put("namespace", namespace);
    } else if (!own.equals(namespace)) {
      throw ApiException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
  }

  /** Keeps what no update may change. */
  static void carryOver(
      ServedResource r, String namespace, Map<String, Object> next, Map<String, Object> old) {
    Map<String, Object> metadata = Trees.ensureMap(next, "metadata");
    Map<String, Object> before = Trees.ensureMap(old, "metadata");
    matchNamespace(r, namespace, metadata);
    metadata.remove("selfLink");
    keep(metadata, before);
  }

  /** Gives metadata the fields that are the server's own as they were before. */
  static void keep(Map<String, Object> metadata, Map<String, Object> before) {
    for (String field : KEPT) {
      Object value = before.get(field);
      if (value == null) {
        metadata.remove(field);
      } else {
        metadata.put(field, value);
      }
    }
  }

  static String name(Map<String, Object> object) {
    return Trees.stringOr(object, "", "metadata", "name");
  }
}
