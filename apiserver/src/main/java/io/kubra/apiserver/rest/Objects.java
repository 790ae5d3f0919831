package io.kubra.apiserver.rest;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.cache.StoredObject;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.store.Entry;
import io.kubra.store.Store;

/** Reads single objects straight from the store, so that they are always current. */
final class Objects {
  private final Store store;

  Objects(Store store) {
    this.store = store;
  }

  /**
   * The object.
   *
   * @throws ApiException 404
   */
  StoredObject existing(ServedResource r, String namespace, String name) {
    Entry entry = store.get(r.key(namespace, name));
    if (entry == null) {
      throw ApiException.notFound(r.group(), r.resource(), name);
    }
    return StoredObject.of(entry, namespace, name);
  }
}
