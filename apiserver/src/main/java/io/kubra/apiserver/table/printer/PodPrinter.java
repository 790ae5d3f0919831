package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.Column;
import io.kubra.apiserver.table.TablePrinter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pods. */
final class PodPrinter implements TablePrinter {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("Name", "string", "name", "The name of the object.", 0),
          Column.string("Ready", "How many containers are ready, of all."),
          Column.string("Status", "The phase of the pod, or what keeps it from running."),
          Column.string("Restarts", "How often containers were restarted, and when last."),
          Column.string("Age", "How long ago the object was created."),
          Column.wide("IP", "The first address of the pod."),
          Column.wide("Node", "The node that runs the pod."),
          Column.wide("Nominated Node", "The node on which room is being made for the pod."),
          Column.wide("Readiness Gates", "How many of the extra conditions for readiness hold."));

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public List<Object> cells(Map<String, Object> pod, Instant now) {
    Row row = new Row(pod, now);
    PodStatus status = PodStatus.of(pod);
    String restarts = Long.toString(status.restarts());
    if (status.restarts() > 0 && status.restarted() != null) {
      restarts += " (" + row.since(status.restarted()) + " ago)";
    }
    return List.of(
        row.name(),
        status.ready() + "/" + status.total(),
        status.reason(),
        restarts,
        row.since("metadata", "creationTimestamp"),
        address(row),
        row.textOr(Row.NONE, "spec", "nodeName"),
        row.textOr(Row.NONE, "status", "nominatedNodeName"),
        readinessGates(row));
  }

  private static String address(Row row) {
    List<Map<String, Object>> addresses = row.maps("status", "podIPs");
    return addresses.isEmpty()
        ? row.textOr(Row.NONE, "status", "podIP")
        : Trees.stringOr(addresses.getFirst(), Row.NONE, "ip");
  }

  private static String readinessGates(Row row) {
    List<Map<String, Object>> gates = row.maps("spec", "readinessGates");
    if (gates.isEmpty()) {
      return Row.NONE;
    }
    long met =
        gates.stream()
            .filter(g -> row.conditionTrue(Trees.stringOr(g, "", "conditionType")))
            .count();
    return met + "/" + gates.size();
  }

  @Override
  public List<Map<String, Object>> conditions(Map<String, Object> pod) {
    return switch (Trees.stringOr(pod, "", "status", "phase")) {
      case "Succeeded" -> List.of(completed("Succeeded", "The pod has completed successfully."));
      case "Failed" -> List.of(completed("Failed", "The pod failed."));
      default -> List.of();
    };
  }

  private static Map<String, Object> completed(String reason, String message) {
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("type", "Completed");
    condition.put("status", "True");
    condition.put("reason", reason);
    condition.put("message", message);
    return condition;
  }
}
