package io.kubra.apiserver.nodeauth;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.nodeauth.PodReferences.Reference;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which objects the pods of which node refer to. Counted, because several pods of a node may refer
 * to the same object. Events are handled one at a time; readers see each count at once.
 */
final class NodeGraph {
  private static final GroupResource PODS = new GroupResource("", "pods");

  private record Bound(String node, Set<Reference> references) {}

  private final ObjectReader objects;
  private final Map<String, Bound> pods = new HashMap<>();
  private final Map<Reference, Map<String, Integer>> nodes = new ConcurrentHashMap<>();

  NodeGraph(ObjectReader objects) {
    this.objects = objects;
    objects.onChange(PODS, this::podChanged);
  }

  /** Whether a pod that is bound to the node refers to the object. */
  boolean related(String node, String resource, String namespace, String name) {
    Reference reference = new Reference(resource, namespace, name);
    Map<String, Integer> counts = nodes.get(reference);
    return (counts != null && counts.containsKey(node)) || relatedByNow(node, reference);
  }

  /** The node may have heard of its pod before this graph has; then the pods themselves tell. */
  private boolean relatedByNow(String node, Reference reference) {
    return objects.list(PODS, reference.namespace()).stream()
        .filter(pod -> node.equals(Trees.string(pod, "spec", "nodeName")))
        .anyMatch(pod -> PodReferences.of(pod).contains(reference));
  }

  private synchronized void podChanged(ChangeEvent event) {
    Map<String, Object> pod = event.object();
    String key =
        Trees.stringOr(pod, "", "metadata", "namespace")
            + "/"
            + Trees.stringOr(pod, "", "metadata", "name");
    String node = Trees.stringOr(pod, "", "spec", "nodeName");
    boolean gone = event.type() == ChangeEvent.Type.DELETED || node.isEmpty();
    Bound after = gone ? null : new Bound(node, PodReferences.of(pod));
    Bound before = after == null ? pods.remove(key) : pods.put(key, after);
    if (after != null && after.equals(before)) {
      return;
    }
    count(after, 1);
    count(before, -1);
  }

  private void count(@Nullable Bound bound, int by) {
    if (bound == null) {
      return;
    }
    for (Reference reference : bound.references()) {
      nodes.compute(
          reference,
          (r, counts) -> {
            Map<String, Integer> changed = counts == null ? new ConcurrentHashMap<>(2) : counts;
            changed.merge(bound.node(), by, (a, b) -> a + b == 0 ? null : a + b);
            return changed.isEmpty() ? null : changed;
          });
    }
  }
}
