package io.kubra.apiserver.table.printer;

import io.kubra.apiserver.table.Column;
import io.kubra.apiserver.table.TablePrinter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Makes a printer column by column. */
final class Columns {
  private final List<Column> columns = new ArrayList<>();
  private final List<Function<Row, Object>> cells = new ArrayList<>();

  /** Starts with the column of names. */
  static Columns named() {
    return named(Row::name);
  }

  /** Starts with a column of names that may say more, such as which is the default. */
  static Columns named(Function<Row, String> name) {
    return new Columns()
        .add(new Column("Name", "string", "name", "The name of the object.", 0), name::apply);
  }

  static Columns unnamed() {
    return new Columns();
  }

  /** A column of text. */
  Columns text(String name, String description, Function<Row, String> cell) {
    return add(Column.string(name, description), cell::apply);
  }

  /** A column of text that is shown with {@code -o wide}. */
  Columns wide(String name, String description, Function<Row, String> cell) {
    return add(Column.wide(name, description), cell::apply);
  }

  /** A column of integers. */
  Columns number(String name, String description, ToLongFunction<Row> cell) {
    return add(new Column(name, "integer", "", description, 0), cell::applyAsLong);
  }

  /** A column that is declared as text and holds integers. */
  Columns count(String name, String description, ToLongFunction<Row> cell) {
    return add(Column.string(name, description), cell::applyAsLong);
  }

  /** A column of yes and no. */
  Columns flag(String name, String description, Predicate<Row> cell) {
    return add(new Column(name, "boolean", "", description, 0), cell::test);
  }

  /** The column of ages. */
  Columns age() {
    return text(
        "Age",
        "How long ago the object was created.",
        r -> r.since("metadata", "creationTimestamp"));
  }

  /** Any column. */
  Columns add(Column column, Function<Row, Object> cell) {
    columns.add(column);
    cells.add(cell);
    return this;
  }

  TablePrinter printer() {
    return new ColumnPrinter(List.copyOf(columns), List.copyOf(cells));
  }

  private record ColumnPrinter(List<Column> columns, List<Function<Row, Object>> functions)
      implements TablePrinter {
    @Override
    public List<Object> cells(Map<String, Object> object, Instant now) {
      Row row = new Row(object, now);
      List<Object> cells = new ArrayList<>(functions.size());
      for (Function<Row, Object> function : functions) {
        cells.add(function.apply(row));
      }
      return cells;
    }
  }
}
