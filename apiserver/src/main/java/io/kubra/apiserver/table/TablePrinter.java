package io.kubra.apiserver.table;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Knows the columns of one kind. Stateless. */
public interface TablePrinter {

  /** The columns, in order; the same on every call. */
  List<Column> columns();

  /** The object's cells, one per column: String, Long, Double, Boolean or null. */
  List<Object> cells(Map<String, Object> object, Instant now);

  /** The row's conditions ({@code Completed} for finished pods), as trees; mostly empty. */
  default List<Map<String, Object>> conditions(Map<String, Object> object) {
    return List.of();
  }
}
