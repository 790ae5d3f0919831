package io.kubra.apiserver.registry;

import io.kubra.api.meta.GroupResource;
import java.util.Map;

/**
 * Reads and writes as the API server itself: defaults, validation and field management apply,
 * authorisation and admission do not. Failures are {@link io.kubra.api.status.ApiException}s.
 */
public interface ObjectAccess extends ObjectReader {

  /** Creates the object and returns it as stored. The namespace is taken from its metadata. */
  Map<String, Object> create(GroupResource resource, Map<String, Object> object);

  /** Replaces the object and returns it as stored; checks the resourceVersion if there is one. */
  Map<String, Object> update(GroupResource resource, Map<String, Object> object);

  /** Replaces the status of the object (and its labels and annotations). */
  Map<String, Object> updateStatus(GroupResource resource, Map<String, Object> object);

  /** Deletes the object; does nothing if it does not exist. */
  void delete(GroupResource resource, String namespace, String name);
}
