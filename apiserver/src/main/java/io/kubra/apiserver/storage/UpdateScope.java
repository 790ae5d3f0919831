package io.kubra.apiserver.storage;

import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a write to an object or one of its subresources may change; the rest stays as it was. */
public enum UpdateScope {
  /** Everything, except status where that is a subresource. */
  OBJECT("") {
    @Override
    Map<String, Object> limit(
        Map<String, Object> next, Map<String, Object> old, boolean hasStatus) {
      if (hasStatus) {
        keep(next, old, "status");
      }
      return next;
    }
  },
  /** The replicas, written through the scale subresource. */
  SCALE("scale") {
    @Override
    Map<String, Object> limit(
        Map<String, Object> next, Map<String, Object> old, boolean hasStatus) {
      return OBJECT.limit(next, old, hasStatus);
    }
  },
  /** Status and metadata. */
  STATUS("status") {
    @Override
    Map<String, Object> limit(
        Map<String, Object> next, Map<String, Object> old, boolean hasStatus) {
      Map<String, Object> merged = Trees.deepCopy(old);
      keep(merged, next, "metadata");
      keep(merged, next, "status");
      return merged;
    }
  },
  /** The conditions of a certificate signing request. */
  APPROVAL("approval") {
    @Override
    Map<String, Object> limit(
        Map<String, Object> next, Map<String, Object> old, boolean hasStatus) {
      Map<String, Object> merged = Trees.deepCopy(old);
      keepAt(merged, next, "status", "conditions");
      return merged;
    }
  },
  /** The finalizers in a namespace's spec. */
  FINALIZE("finalize") {
    @Override
    Map<String, Object> limit(
        Map<String, Object> next, Map<String, Object> old, boolean hasStatus) {
      Map<String, Object> merged = Trees.deepCopy(old);
      keepAt(merged, next, "spec", "finalizers");
      return merged;
    }
  },
  /** A pod's ephemeral containers. */
  EPHEMERAL_CONTAINERS("ephemeralcontainers") {
    @Override
    Map<String, Object> limit(
        Map<String, Object> next, Map<String, Object> old, boolean hasStatus) {
      Map<String, Object> merged = Trees.deepCopy(old);
      keepAt(merged, next, "spec", "ephemeralContainers");
      return merged;
    }
  },
  /**
   * A pod's node, set by a binding; nothing else may set it, so the pod's own rules do not apply.
   */
  BINDING("") {
    @Override
    Map<String, Object> limit(
        Map<String, Object> next, Map<String, Object> old, boolean hasStatus) {
      return next;
    }
  },
  /** The resources of a pod's containers. */
  RESIZE("resize") {
    @Override
    Map<String, Object> limit(
        Map<String, Object> next, Map<String, Object> old, boolean hasStatus) {
      Map<String, Object> merged = Trees.deepCopy(old);
      for (String list : List.of("containers", "initContainers")) {
        List<Object> wanted = Trees.list(next, "spec", list);
        List<Object> limited = new ArrayList<>();
        for (Object container : Trees.list(merged, "spec", list)) {
          limited.add(withResources(container, wanted));
        }
        if (!limited.isEmpty()) {
          Trees.set(merged, limited, "spec", list);
        }
      }
      return merged;
    }
  };

  private final String subresource;

  UpdateScope(String subresource) {
    this.subresource = subresource;
  }

  /** The subresource of this scope, empty for the object itself. */
  public String subresource() {
    return subresource;
  }

  /**
   * Returns {@code next} with everything outside of this scope as in {@code old}. May change next,
   * never old.
   */
  abstract Map<String, Object> limit(
      Map<String, Object> next, Map<String, Object> old, boolean hasStatus);

  private static void keep(Map<String, Object> into, Map<String, Object> from, String field) {
    if (from.containsKey(field)) {
      into.put(field, Trees.deepCopy(from.get(field)));
    } else {
      into.remove(field);
    }
  }

  private static void keepAt(
      Map<String, Object> into, Map<String, Object> from, String parent, String field) {
    Object value = Trees.get(from, parent, field);
    if (value == null) {
      Trees.remove(into, parent, field);
    } else {
      Trees.set(into, value, parent, field);
    }
  }

  private static Object withResources(Object container, List<Object> wanted) {
    if (!(container instanceof Map<?, ?> old)) {
      return container;
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    old.forEach((k, v) -> copy.put(String.valueOf(k), v));
    for (Object w : wanted) {
      if (w instanceof Map<?, ?> next
          && String.valueOf(next.get("name")).equals(copy.get("name"))) {
        Object resources = next.get("resources");
        if (resources != null) {
          copy.put("resources", resources);
        }
      }
    }
    return copy;
  }
}
