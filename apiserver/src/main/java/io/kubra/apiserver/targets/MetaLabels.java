package io.kubra.apiserver.targets;

import io.kubra.api.tree.Trees;
import java.util.LinkedHashMap;
import java.util.Map;

/** The labels of a target before relabelling, by the names of Prometheus' Kubernetes discovery. */
final class MetaLabels {
  private static final String PREFIX = "__meta_kubernetes_";

  private final Map<String, Object> labels = new LinkedHashMap<>();

  /** Labels that begin with those of another. */
  MetaLabels with(MetaLabels other) {
    labels.putAll(other.labels);
    return this;
  }

  /** Adds a label; an empty value is no label. */
  MetaLabels put(String name, String value) {
    if (!value.isEmpty()) {
      labels.put(PREFIX + name, value);
    }
    return this;
  }

  /** Adds an object's labels and annotations. */
  MetaLabels metadata(String role, Map<String, Object> object) {
    all(role + "_label", Trees.map(object, "metadata", "labels"));
    all(role + "_annotation", Trees.map(object, "metadata", "annotations"));
    return this;
  }

  private void all(String prefix, @org.jspecify.annotations.Nullable Map<String, Object> from) {
    if (from == null) {
      return;
    }
    from.forEach(
        (key, value) -> {
          String name = key.replaceAll("[^a-zA-Z0-9_]", "_");
          put(prefix + "_" + name, String.valueOf(value));
          put(prefix + "present_" + name, "true");
        });
  }

  /** One entry of the list that Prometheus reads. */
  Map<String, Object> target(String address) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("targets", java.util.List.of(address));
    entry.put("labels", new LinkedHashMap<>(labels));
    return entry;
  }
}
