package io.kubra.apiserver.rules.autoscaling;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.VersionConversion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From autoscaling/v1, which knows the use of cpu only, to autoscaling/v2 and back. What the first
 * version has no field for travels in annotations.
 */
public final class AutoscalerConversion implements VersionConversion {
  private static final String PREFIX = "autoscaling.alpha.kubernetes.io/";

  @Override
  public Map<String, Object> toStorage(Map<String, Object> served) {
    List<Object> metrics = structured(take(served, "metrics"), "target");
    Long target = Trees.integer(served, "spec", "targetCPUUtilizationPercentage");
    Trees.remove(served, "spec", "targetCPUUtilizationPercentage");
    if (target != null) {
      metrics.addFirst(MetricShapes.cpu(target));
    }
    if (!metrics.isEmpty()) {
      Trees.set(served, metrics, "spec", "metrics");
    }
    Object behavior = take(served, "behavior");
    if (behavior != null) {
      Trees.set(served, behavior, "spec", "behavior");
    }
    List<Object> current = structured(take(served, "current-metrics"), "current");
    Long used = Trees.integer(served, "status", "currentCPUUtilizationPercentage");
    Trees.remove(served, "status", "currentCPUUtilizationPercentage");
    if (used != null) {
      Map<String, Object> cpu = MetricShapes.cpu(used);
      Map<String, Object> resource = Trees.ensureMap(cpu, "resource");
      Map<String, Object> values = Trees.ensureMap(resource, "target");
      resource.remove("target");
      values.remove("type");
      resource.put("current", values);
      current.addFirst(cpu);
    }
    if (!current.isEmpty()) {
      Trees.set(served, current, "status", "currentMetrics");
    }
    Object conditions = take(served, "conditions");
    if (conditions != null) {
      Trees.set(served, conditions, "status", "conditions");
    }
    served.put("apiVersion", "autoscaling/v2");
    return served;
  }

  @Override
  public Map<String, Object> fromStorage(Map<String, Object> stored) {
    Long target = cpu(stored, "target", "spec", "metrics");
    flatten(stored, "metrics", "target", "spec", "metrics");
    if (target != null) {
      Trees.set(stored, target, "spec", "targetCPUUtilizationPercentage");
    }
    move(stored, "behavior", "spec", "behavior");
    if (Trees.map(stored, "status") != null) {
      Long used = cpu(stored, "current", "status", "currentMetrics");
      flatten(stored, "current-metrics", "current", "status", "currentMetrics");
      if (used != null) {
        Trees.set(stored, used, "status", "currentCPUUtilizationPercentage");
      }
      move(stored, "conditions", "status", "conditions");
    }
    stored.put("apiVersion", "autoscaling/v1");
    return stored;
  }

  private static @Nullable Long cpu(Map<String, Object> object, String values, String... path) {
    for (Map<String, Object> metric : Trees.maps(object, path)) {
      if (MetricShapes.isCpuUtilization(metric, values)) {
        return Trees.integer(metric, "resource", values, "averageUtilization");
      }
    }
    return null;
  }

  /** Moves metrics into an annotation, except the one that has a field of its own. */
  private static void flatten(
      Map<String, Object> object, String annotation, String values, String... path) {
    List<Object> others = new ArrayList<>();
    boolean found = false;
    for (Map<String, Object> metric : Trees.maps(object, path)) {
      if (!found && values.equals("target") && MetricShapes.isCpuUtilization(metric, values)) {
        found = true;
      } else {
        others.add(MetricShapes.flat(metric, values));
      }
    }
    Trees.remove(object, path);
    if (!others.isEmpty()) {
      annotate(object, annotation, others);
    }
  }

  private static void move(Map<String, Object> object, String annotation, String... path) {
    Object value = Trees.get(object, path);
    Trees.remove(object, path);
    if (value != null && !(value instanceof List<?> list && list.isEmpty())) {
      annotate(object, annotation, value);
    }
  }

  private static void annotate(Map<String, Object> object, String annotation, Object value) {
    Trees.set(object, Json.toString(value), "metadata", "annotations", PREFIX + annotation);
  }

  private static List<Object> structured(@Nullable Object flat, String values) {
    List<Object> metrics = new ArrayList<>();
    if (flat instanceof List<?> list) {
      for (Map<String, Object> metric : Trees.maps(Map.of("list", list), "list")) {
        metrics.add(MetricShapes.structured(metric, values));
      }
    }
    return metrics;
  }

  /** Takes an annotation's value out; what is no JSON is dropped. */
  private static @Nullable Object take(Map<String, Object> object, String annotation) {
    Map<String, Object> annotations = Trees.map(object, "metadata", "annotations");
    Object text = annotations == null ? null : annotations.remove(PREFIX + annotation);
    if (annotations != null && annotations.isEmpty()) {
      Trees.remove(object, "metadata", "annotations");
    }
    if (text == null) {
      return null;
    }
    try {
      return Json.parse(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (JsonSyntaxException e) {
      return null;
    }
  }
}
