package io.kubra.apiserver.table;

import io.kubra.api.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;

/** The columns of kinds that have none of their own. */
final class NameAndAge implements TablePrinter {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("Name", "string", "name", "The name of the object.", 0),
          new Column("Age", "string", "", "How long ago the object was created.", 0));

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public List<Object> cells(Map<String, Object> object, Instant now) {
    return List.of(
        Trees.stringOr(object, "", "metadata", "name"),
        age(Trees.stringOr(object, "", "metadata", "creationTimestamp"), now));
  }

  private static String age(String created, Instant now) {
    try {
      return HumanDuration.format(Duration.between(Instant.parse(created), now));
    } catch (DateTimeParseException e) {
      return "<unknown>";
    }
  }
}
