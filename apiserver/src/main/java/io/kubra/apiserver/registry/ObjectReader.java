package io.kubra.apiserver.registry;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.selector.LabelSelector;
import io.kubra.api.tree.Trees;
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

  /** As {@link #list(GroupResource, String)}, with these labels only; others are not decoded. */
  default List<Map<String, Object>> list(
      GroupResource resource, @Nullable String namespace, LabelSelector labels) {
    return list(resource, namespace).stream()
        .filter(object -> labels.matches(Trees.map(object, "metadata", "labels")))
        .toList();
  }

  /** The resource that is served for a kind, in that version; null if there is none. */
  default @Nullable ResourceInfo resourceOf(GroupVersionKind kind) {
    return null;
  }

  /** Returns the object in a version in which it is served, or null. */
  default @Nullable Map<String, Object> get(ResourceInfo version, String namespace, String name) {
    return get(version.groupResource(), namespace, name);
  }

  /** Returns all objects of a namespace in a version in which they are served. */
  default List<Map<String, Object>> list(ResourceInfo version, @Nullable String namespace) {
    return list(version.groupResource(), namespace);
  }

  /**
   * Calls the listener for every object that exists (as {@link ChangeEvent.Type#ADDED}) and from
   * then on for every change, in order, on a thread of its own kind; it should return quickly. The
   * existing objects have been delivered when this method returns.
   */
  void onChange(GroupResource resource, Consumer<ChangeEvent> listener);
}
