package io.kubra.apiserver.table.printers;

import static io.kubra.apiserver.table.printers.Cells.text;

import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an autoscaler's metrics are at and shall be: {@code cpu: 40%/80%}. */
final class AutoscalerTargets {
  private AutoscalerTargets() {}

  static String of(Map<String, Object> autoscaler) {
    List<Map<String, Object>> metrics = Trees.maps(autoscaler, "spec", "metrics");
    List<Map<String, Object>> current = Trees.maps(autoscaler, "status", "currentMetrics");
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < metrics.size(); i++) {
      shown.add(metric(metrics.get(i), i < current.size() ? current.get(i) : null));
    }
    if (shown.isEmpty()) {
      return Cells.NONE;
    }
    return shown.size() <= 2
        ? String.join(", ", shown)
        : String.join(", ", shown.subList(0, 2)) + " + " + (shown.size() - 2) + " more...";
  }

  private static String metric(Map<String, Object> metric, @Nullable Map<String, Object> current) {
    String type = text(metric, "type");
    String field =
        switch (type) {
          case "ContainerResource" -> "containerResource";
          case "External" -> "external";
          case "Object" -> "object";
          case "Pods" -> "pods";
          case "Resource" -> "resource";
          default -> "";
        };
    if (field.isEmpty()) {
      return Cells.UNKNOWN + "/" + Cells.UNKNOWN;
    }
    Map<String, Object> now = current == null ? Map.of() : current;
    String utilization = text(metric, field, "target", "averageUtilization");
    String average = text(metric, field, "target", "averageValue");
    String is;
    String shall;
    if (!average.isEmpty()) {
      is = Cells.textOr(Cells.UNKNOWN, now, field, "current", "averageValue");
      shall = field.equals("external") || field.equals("object") ? average + " (avg)" : average;
      is = shall.endsWith("(avg)") ? is + " (avg)" : is;
    } else if (!utilization.isEmpty()) {
      String used = text(now, field, "current", "averageUtilization");
      is = used.isEmpty() ? Cells.UNKNOWN : used + "%";
      shall = utilization + "%";
    } else {
      is = Cells.textOr(Cells.UNKNOWN, now, field, "current", "value");
      shall = Cells.textOr("<auto>", metric, field, "target", "value");
    }
    String name = field.endsWith("esource") ? text(metric, field, "name") + ": " : "";
    return name + is + "/" + shall;
  }
}
