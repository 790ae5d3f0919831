package io.kubra.apiserver.registry;

import io.kubra.api.meta.GroupResource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads stored objects from memory. Trees that are returned belong to the caller, carry their
 * resourceVersion and are in the storage version. Reads see every write that was acknowledged
 * before they began.
 */
public interface ObjectReader {

  /** Returns the object or null; the namespace is empty for cluster-scoped resources. */
  @Nullable Map<String, Object> get(GroupResource resource, String namespace, String name);

  /** Returns all objects of a namespace, or of the cluster if the namespace is null. */
  List<Map<String, Object>> list(GroupResource resource, @Nullable String namespace);

  /**
   * Calls the listener for every object that exists (as {@link ChangeEvent.Type#ADDED}) and from
   * then on for every change, in order, on a thread of its own kind; it should return quickly. The
   * existing objects have been delivered when this method returns.
   */
  void onChange(GroupResource resource, Consumer<ChangeEvent> listener);
}
