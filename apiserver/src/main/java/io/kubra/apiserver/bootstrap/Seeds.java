package io.kubra.apiserver.bootstrap;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.registry.ObjectAccess;
import java.util.LinkedHashMap;
import java.util.Map;

/** Creates objects that have to be there. */
final class Seeds {
  private Seeds() {}

  /** An object with nothing but its name. */
  static Map<String, Object> named(String namespace, String name) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("metadata", metadata);
    return object;
  }

  /** Creates the object unless there is one of this name, also when someone else is faster. */
  static void ensure(
      ObjectAccess objects,
      GroupResource resource,
      String namespace,
      String name,
      Map<String, Object> object) {
    if (objects.get(resource, namespace, name) != null) {
      return;
    }
    try {
      objects.create(resource, object);
    } catch (ApiException e) {
      if (!e.is("AlreadyExists")) {
        throw e;
      }
    }
  }
}
