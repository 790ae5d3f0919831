package io.kubra.apiserver.metricsapi;

import io.kubra.api.quantity.Quantity;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.Column;
import io.kubra.apiserver.table.TablePrinter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The columns of nodes and pods: name, cpu, memory and the window of time that they are of. */
final class MetricsPrinter implements TablePrinter {
  static final MetricsPrinter INSTANCE = new MetricsPrinter();

  private MetricsPrinter() {}

  @Override
  public List<Column> columns() {
    return List.of(
        new Column("Name", "string", "name", "Name of the resource", 0),
        new Column("cpu", "string", "quantity", "Use of processors, in cores", 0),
        new Column("memory", "string", "quantity", "Working set", 0),
        new Column("Window", "string", "duration", "Time over which cpu was measured", 0));
  }

  @Override
  public List<Object> cells(Map<String, Object> object, Instant now) {
    return List.of(
        Trees.stringOr(object, "", "metadata", "name"),
        sum(object, "cpu"),
        sum(object, "memory"),
        Trees.stringOr(object, "", "window"));
  }

  /** The node's own use, or that of all containers together. */
  private static String sum(Map<String, Object> object, String resource) {
    String own = Trees.string(object, "usage", resource);
    if (own != null) {
      return own;
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (Map<String, Object> container : Trees.maps(object, "containers")) {
      sum = sum.add(Quantity.parse(Trees.stringOr(container, "0", "usage", resource)).amount());
    }
    return resource.equals("cpu")
        ? sum.movePointRight(9).toBigInteger() + "n"
        : sum.toBigInteger().shiftRight(10) + "Ki";
  }
}
