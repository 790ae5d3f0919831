package io.kubra.apiserver.table.printers;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.Column;
import io.kubra.apiserver.table.HumanDuration;
import io.kubra.apiserver.table.TablePrinter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns of pods. */
public final class PodPrinter implements TablePrinter {
  /** The printer. */
  public static final PodPrinter INSTANCE = new PodPrinter();

  private static final List<Column> COLUMNS =
      List.of(
          new Column("Name", "string", "name", "The name of the pod.", 0),
          Column.string("Ready", "How many of the containers are ready."),
          Column.string("Status", "What the pod is at, in one word."),
          Column.string("Restarts", "How often containers were restarted, and when last."),
          Column.string("Age", "How long ago the pod was created."),
          Column.wide("IP", "The pod's address."),
          Column.wide("Node", "The node the pod runs on."),
          Column.wide("Nominated Node", "The node that is being made free for the pod."),
          Column.wide("Readiness Gates", "How many of the pod's readiness gates are open."));

  private PodPrinter() {}

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public List<Object> cells(Map<String, Object> pod, Instant now) {
    PodSummary summary = PodSummary.of(pod);
    String restarts = Long.toString(summary.restarts());
    Instant last = summary.lastRestart();
    if (summary.restarts() != 0 && last != null) {
      restarts += " (" + HumanDuration.format(Duration.between(last, now)) + " ago)";
    }
    List<Object> cells = new ArrayList<>(COLUMNS.size());
    cells.add(Cells.text(pod, "metadata", "name"));
    cells.add(summary.ready() + "/" + summary.total());
    cells.add(summary.status());
    cells.add(restarts);
    cells.add(Cells.age(pod, now, "metadata", "creationTimestamp"));
    cells.add(address(pod));
    cells.add(Cells.textOr(Cells.NONE, pod, "spec", "nodeName"));
    cells.add(Cells.textOr(Cells.NONE, pod, "status", "nominatedNodeName"));
    cells.add(readinessGates(pod));
    return cells;
  }

  @Override
  public List<Map<String, Object>> conditions(Map<String, Object> pod) {
    String phase = Cells.text(pod, "status", "phase");
    if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
      return List.of();
    }
    Map<String, Object> completed = new LinkedHashMap<>();
    completed.put("type", "Completed");
    completed.put("status", "True");
    completed.put("reason", phase);
    completed.put(
        "message",
        phase.equals("Succeeded")
            ? "The pod has completed successfully."
            : "The pod failed.");
    return List.of(completed);
  }

  private static String address(Map<String, Object> pod) {
    for (Map<String, Object> ip : Trees.maps(pod, "status", "podIPs")) {
      return Cells.textOr(Cells.NONE, ip, "ip");
    }
    return Cells.NONE;
  }

  private static String readinessGates(Map<String, Object> pod) {
    List<Map<String, Object>> gates = Trees.maps(pod, "spec", "readinessGates");
    if (gates.isEmpty()) {
      return Cells.NONE;
    }
    int open = 0;
    for (Map<String, Object> gate : gates) {
      for (Map<String, Object> condition : Trees.maps(pod, "status", "conditions")) {
        if (Cells.text(condition, "type").equals(Cells.text(gate, "conditionType"))) {
          open += Cells.text(condition, "status").equals("True") ? 1 : 0;
          break;
        }
      }
    }
    return open + "/" + gates.size();
  }
}
