package io.kubra.apiserver.customresource;

import io.kubra.api.json.Json;
import io.kubra.api.jsonpath.JsonPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.Column;
import io.kubra.apiserver.table.HumanDuration;
import io.kubra.apiserver.table.TablePrinter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns that a definition gives to {@code kubectl get}; Age where it gives none. */
final class CustomColumns implements TablePrinter {
  private final List<Column> columns = new ArrayList<>();
  private final List<JsonPath> paths = new ArrayList<>();

  CustomColumns(List<Map<String, Object>> given) {
    columns.add(new Column("Name", "string", "name", "The name of the object.", 0));
    if (given.isEmpty()) {
      add(
          new Column("Age", "date", "", "How long ago the object was created.", 0),
          ".metadata.creationTimestamp");
    }
    for (Map<String, Object> c : given) {
      add(
          new Column(
              Trees.stringOr(c, "", "name"),
              Trees.stringOr(c, "", "type"),
              Trees.stringOr(c, "", "format"),
              Trees.stringOr(c, "", "description"),
              (int) Trees.integerOr(c, 0, "priority")),
          Trees.stringOr(c, "", "jsonPath"));
    }
  }

  private void add(Column column, String path) {
    try {
      paths.add(JsonPath.parse(path));
      columns.add(column);
    } catch (IllegalArgumentException e) {
      // a column that cannot be read is not shown, as the definition's other columns are
    }
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  @SuppressWarnings("NullAway") // cells may be null
  public List<Object> cells(Map<String, Object> object, Instant now) {
    List<Object> cells = new ArrayList<>(columns.size());
    cells.add(Trees.stringOr(object, "", "metadata", "name"));
    for (int i = 0; i < paths.size(); i++) {
      List<Object> found = paths.get(i).find(object);
      String type = columns.get(i + 1).type();
      if (type.equals("string") && found.size() > 1) {
        cells.add(joined(found));
      } else {
        cells.add(found.isEmpty() ? null : cell(found.getFirst(), type, now));
      }
    }
    return cells;
  }

  private static String joined(List<Object> values) {
    List<String> texts = new ArrayList<>();
    values.forEach(v -> texts.add(text(v)));
    return String.join(",", texts);
  }

  private static @Nullable Object cell(Object value, String type, Instant now) {
    return switch (type) {
      case "integer" -> value instanceof Number n ? n.longValue() : null;
      case "number" -> value instanceof Number n ? n : null;
      case "boolean" -> value instanceof Boolean b ? b : null;
      case "date" -> age(text(value), now);
      default -> text(value);
    };
  }

  private static String text(Object value) {
    return value instanceof Map<?, ?> || value instanceof List<?>
        ? Json.toString(value)
        : String.valueOf(value);
  }

  private static String age(String time, Instant now) {
    try {
      return HumanDuration.format(Duration.between(OffsetDateTime.parse(time).toInstant(), now));
    } catch (DateTimeException e) {
      return "<invalid>";
    }
  }
}
