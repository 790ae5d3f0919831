package io.kubra.apiserver.table.printers;

import io.kubra.apiserver.table.Column;
import io.kubra.apiserver.table.TablePrinter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A printer put together from columns that each know how to fill their cell. */
final class Columns implements TablePrinter {
  /** Fills a cell. */
  interface Cell {
    Object of(Map<String, Object> object, Instant now);
  }

  private final List<Column> columns;
  private final List<Cell> cells;

  private Columns(List<Column> columns, List<Cell> cells) {
    this.columns = columns;
    this.cells = cells;
  }

  /** Starts with the object's name. */
  static Builder named() {
    return new Builder()
        .add(
            new Column("Name", "string", "name", "The name of the object, unique where it lives.", 0),
            (o, now) -> Cells.text(o, "metadata", "name"));
  }

  /** Starts without any column. */
  static Builder of() {
    return new Builder();
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public List<Object> cells(Map<String, Object> object, Instant now) {
    List<Object> row = new ArrayList<>(cells.size());
    for (Cell cell : cells) {
      row.add(cell.of(object, now));
    }
    return row;
  }

  /** Collects columns in their order. */
  static final class Builder {
    private final List<Column> columns = new ArrayList<>();
    private final List<Cell> cells = new ArrayList<>();

    Builder add(Column column, Cell cell) {
      columns.add(column);
      cells.add(cell);
      return this;
    }

    Builder text(String name, String description, Cell cell) {
      return add(Column.string(name, description), cell);
    }

    /** A column of {@code -o wide}. */
    Builder wide(String name, String description, Cell cell) {
      return add(Column.wide(name, description), cell);
    }

    Builder number(String name, String description, Cell cell) {
      return add(new Column(name, "integer", "", description, 0), cell);
    }

    Builder flag(String name, String description, Cell cell) {
      return add(new Column(name, "boolean", "", description, 0), cell);
    }

    Builder age() {
      return text(
          "Age",
          "How long ago the object was created.",
          (o, now) -> Cells.age(o, now, "metadata", "creationTimestamp"));
    }

    Builder createdAt() {
      return add(
          new Column("Created At", "date", "", "When the object was created.", 0),
          (o, now) -> Cells.text(o, "metadata", "creationTimestamp"));
    }

    /** Containers and images of a pod template, for {@code -o wide}. */
    Builder containers() {
      return wide(
              "Containers",
              "The names of the containers.",
              (o, now) -> Cells.containers(o, "name"))
          .wide("Images", "The images of the containers.", (o, now) -> Cells.containers(o, "image"));
    }

    /** The label selector in spec.selector, for {@code -o wide}. */
    Builder selector() {
      return wide(
          "Selector",
          "The labels that select the pods.",
          (o, now) -> Cells.selector(io.kubra.api.tree.Trees.map(o, "spec", "selector")));
    }

    TablePrinter build() {
      return new Columns(List.copyOf(columns), List.copyOf(cells));
    }
  }
}
