package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.TablePrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Horizontal pod autoscalers in both versions, and disruption budgets. */
final class Autoscaling {
  private static final int SHOWN = 2;

  private Autoscaling() {}

  static TablePrinter horizontalPodAutoscaler() {
    return Columns.named()
        .text(
            "Reference",
            "What is scaled.",
            r ->
                r.text("spec", "scaleTargetRef", "kind")
                    + "/"
                    + r.text("spec", "scaleTargetRef", "name"))
        .text("Targets", "Measured and wanted values.", Autoscaling::targets)
        .text("MinPods", "The fewest pods.", r -> r.anyOr(Row.UNSET, "spec", "minReplicas"))
        .count("MaxPods", "The most pods.", r -> r.number("spec", "maxReplicas"))
        .count("Replicas", "How many pods there are.", r -> r.number("status", "currentReplicas"))
        .age()
        .printer();
  }

  static TablePrinter podDisruptionBudget() {
    return Columns.named()
        .text(
            "Min Available",
            "How many pods must stay.",
            r -> r.anyOr("N/A", "spec", "minAvailable"))
        .text(
            "Max Unavailable",
            "How many pods may be gone.",
            r -> r.anyOr("N/A", "spec", "maxUnavailable"))
        .number(
            "Allowed Disruptions",
            "How many pods may be evicted now.",
            r -> r.number("status", "disruptionsAllowed"))
        .age()
        .printer();
  }

  private static String targets(Row r) {
    List<Map<String, Object>> metrics = r.maps("spec", "metrics");
    if (metrics.isEmpty()) {
      return utilization(r);
    }
    List<Map<String, Object>> measured = r.maps("status", "currentMetrics");
    List<String> all = new ArrayList<>();
    for (int i = 0; i < metrics.size(); i++) {
      all.add(target(metrics.get(i), i < measured.size() ? measured.get(i) : Map.of(), r));
    }
    if (all.size() > SHOWN) {
      return String.join(", ", all.subList(0, SHOWN)) + " + " + (all.size() - SHOWN) + " more...";
    }
    return String.join(", ", all);
  }

  /** Version 1 has one target: the use of processors. */
  private static String utilization(Row r) {
    if (!r.has("spec", "targetCPUUtilizationPercentage")) {
      return Row.NONE;
    }
    String current = r.anyOr("", "status", "currentCPUUtilizationPercentage");
    return "cpu: "
        + (current.isEmpty() ? Row.UNKNOWN : current + "%")
        + "/"
        + r.number("spec", "targetCPUUtilizationPercentage")
        + "%";
  }

  private static String target(Map<String, Object> metric, Map<String, Object> status, Row r) {
    String type = Trees.stringOr(metric, "", "type");
    if (type.isEmpty()) {
      return "<unknown type>";
    }
    String field = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
    Row wanted = new Row(mapAt(metric, field), r.now());
    Row current = new Row(mapAt(status, field), r.now());
    return switch (type) {
      case "Pods" -> values(wanted, current, "averageValue");
      case "Object", "External" ->
          wanted.has("target", "averageValue")
              ? values(wanted, current, "averageValue") + " (avg)"
              : values(wanted, current, "value");
      case "Resource", "ContainerResource" ->
          wanted.text("name")
              + ": "
              + (wanted.has("target", "averageValue")
                  ? values(wanted, current, "averageValue")
                  : percent(current, Row.UNKNOWN, "current")
                      + "/"
                      + percent(wanted, "<auto>", "target"));
      default -> "<unknown type>";
    };
  }

  private static String values(Row wanted, Row current, String field) {
    return current.anyOr(Row.UNKNOWN, "current", field) + "/" + wanted.anyOr("0", "target", field);
  }

  private static String percent(Row r, String otherwise, String of) {
    return r.has(of, "averageUtilization") ? r.number(of, "averageUtilization") + "%" : otherwise;
  }

  private static Map<String, Object> mapAt(Map<String, Object> tree, String field) {
    Map<String, Object> map = Trees.map(tree, field);
    return map == null ? Map.of() : map;
  }
}
