package io.kubra.apiserver.rules.autoscaling;

import io.kubra.api.tree.Trees;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of autoscalers in the shape of autoscaling/v2, and the flat shape in which the first
 * version keeps them in annotations.
 */
final class MetricShapes {
  private static final List<String> RESOURCES = List.of("resource", "containerResource");

  private MetricShapes() {}

  /** A target for the use of cpu, in percent of what is requested. */
  static Map<String, Object> cpu(Long utilization) {
    return metric(
        "Resource",
        "resource",
        tree(
            "name",
            "cpu",
            "target",
            tree("type", "Utilization", "averageUtilization", utilization)));
  }

  /** Whether a metric is one that the first version has a field for. */
  static boolean isCpuUtilization(Map<String, Object> metric, String values) {
    return "Resource".equals(metric.get("type"))
        && "cpu".equals(Trees.string(metric, "resource", "name"))
        && Trees.get(metric, "resource", values, "averageUtilization") != null;
  }

  /** Flattens a metric; {@code values} is target or current. */
  static Map<String, Object> flat(Map<String, Object> metric, String values) {
    String type = Trees.stringOr(metric, "", "type");
    String field = field(type);
    Map<String, Object> source = Trees.map(metric, field);
    Map<String, Object> flat = new LinkedHashMap<>();
    if (source == null) {
      return metric(type, field, flat);
    }
    Map<String, Object> numbers = Trees.map(source, values);
    if (RESOURCES.contains(field)) {
      put(flat, "name", source.get("name"));
      put(flat, "container", source.get("container"));
      put(flat, values + "AverageUtilization", Trees.get(numbers, "averageUtilization"));
      put(flat, values + "AverageValue", Trees.get(numbers, "averageValue"));
      return metric(type, field, flat);
    }
    put(flat, "metricName", Trees.get(source, "metric", "name"));
    String selector = field.equals("external") ? "metricSelector" : "selector";
    put(flat, selector, Trees.get(source, "metric", "selector"));
    if (field.equals("object")) {
      put(flat, "target", source.get("describedObject"));
      put(flat, values + "Value", Trees.get(numbers, "value"));
      put(flat, "averageValue", Trees.get(numbers, "averageValue"));
    } else {
      put(flat, values + "Value", Trees.get(numbers, "value"));
      put(flat, values + "AverageValue", Trees.get(numbers, "averageValue"));
    }
    return metric(type, field, flat);
  }

  /** The opposite of {@link #flat}. */
  static Map<String, Object> structured(Map<String, Object> flatMetric, String values) {
    String type = Trees.stringOr(flatMetric, "", "type");
    String field = field(type);
    Map<String, Object> flat = Trees.map(flatMetric, field);
    Map<String, Object> source = new LinkedHashMap<>();
    if (flat == null) {
      return metric(type, field, source);
    }
    Map<String, Object> numbers = new LinkedHashMap<>();
    Object utilization = flat.get(values + "AverageUtilization");
    Object average = flat.get(field.equals("object") ? "averageValue" : values + "AverageValue");
    Object value = flat.get(values + "Value");
    if (values.equals("target")) {
      numbers.put(
          "type", utilization != null ? "Utilization" : average != null ? "AverageValue" : "Value");
    }
    put(numbers, "averageUtilization", utilization);
    put(numbers, "averageValue", average);
    put(numbers, "value", value);
    if (RESOURCES.contains(field)) {
      put(source, "name", flat.get("name"));
      put(source, "container", flat.get("container"));
    } else {
      Map<String, Object> metric = new LinkedHashMap<>();
      put(metric, "name", flat.get("metricName"));
      put(metric, "selector", flat.get(field.equals("external") ? "metricSelector" : "selector"));
      source.put("metric", metric);
      put(source, "describedObject", flat.get("target"));
    }
    source.put(values, numbers);
    return metric(type, field, source);
  }

  private static String field(String type) {
    return type.isEmpty() ? "" : Character.toLowerCase(type.charAt(0)) + type.substring(1);
  }

  private static Map<String, Object> metric(String type, String field, Map<String, Object> source) {
    return tree("type", type, field, source);
  }

  private static void put(Map<String, Object> tree, String field, @Nullable Object value) {
    if (value != null) {
      tree.put(field, value);
    }
  }

  private static Map<String, Object> tree(Object... namesAndValues) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      tree.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return tree;
  }
}
