package io.kubra.controllers.gc;

import io.kubra.controllers.runtime.MetadataObject;
import io.kubra.model.ResourceType;
import io.kubra.model.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who owns whom, by uid. All methods are synchronized: informers write, workers read, and every
 * operation is short.
 */
final class OwnerGraph {
  /**
   * An object of the graph.
   *
   * @param type where it is found
   * @param object its metadata as last seen
   */
  record Vertex(ResourceType<MetadataObject> type, MetadataObject object) {
    String uid() {
      return object.metadata().uid();
    }

    boolean deleting() {
      return object.metadata().deletionTimestamp() != null;
    }

    boolean has(String finalizer) {
      return object.metadata().finalizers().contains(finalizer);
    }
  }

  private final Map<String, Vertex> vertices = new HashMap<>();
  private final Map<String, Set<String>> dependents = new HashMap<>();

  synchronized void put(Vertex vertex) {
    Vertex old = vertices.put(vertex.uid(), vertex);
    if (old != null) {
      unlink(old);
    }
    for (OwnerReference owner : vertex.object.metadata().ownerReferences()) {
      dependents.computeIfAbsent(owner.uid(), u -> new HashSet<>()).add(vertex.uid());
    }
  }

  synchronized void remove(String uid) {
    Vertex old = vertices.remove(uid);
    if (old != null) {
      unlink(old);
    }
  }

  private void unlink(Vertex vertex) {
    for (OwnerReference owner : vertex.object.metadata().ownerReferences()) {
      dependents.computeIfPresent(
          owner.uid(),
          (u, set) -> {
            set.remove(vertex.uid());
            return set.isEmpty() ? null : set;
          });
    }
  }

  synchronized @Nullable Vertex get(String uid) {
    return vertices.get(uid);
  }

  synchronized List<Vertex> dependentsOf(String uid) {
    List<Vertex> found = new ArrayList<>();
    for (String dependent : dependents.getOrDefault(uid, Set.of())) {
      Vertex vertex = vertices.get(dependent);
      if (vertex != null) {
        found.add(vertex);
      }
    }
    return found;
  }
}
