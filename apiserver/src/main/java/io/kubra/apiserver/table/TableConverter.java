package io.kubra.apiserver.table;

import io.kubra.api.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds meta.k8s.io Tables from objects and their kind's printer. */
public final class TableConverter {
  private static final TablePrinter NAME_AND_AGE = new NameAndAge();

  private TableConverter() {}

  /** What of its object a row carries. */
  public enum IncludeObject {
    NONE,
    METADATA,
    OBJECT;

    /** Reads the query parameter; absent means METADATA. */
    public static IncludeObject of(String parameter) {
      return switch (parameter) {
        case "None" -> NONE;
        case "Object" -> OBJECT;
        default -> METADATA;
      };
    }
  }

  /**
   * Returns a table.
   *
   * @param printer the columns of the kind; null for Name and Age
   * @param version of meta.k8s.io: v1 or v1beta1
   * @param metadata the list's metadata
   * @param withColumns false for watch events after the first
   */
  public static Map<String, Object> table(
      @Nullable TablePrinter printer,
      List<Map<String, Object>> objects,
      IncludeObject include,
      String version,
      Map<String, Object> metadata,
      boolean withColumns,
      Instant now) {
    TablePrinter columns = printer == null ? NAME_AND_AGE : printer;
    Map<String, Object> table = new LinkedHashMap<>();
    table.put("kind", "Table");
    table.put("apiVersion", "meta.k8s.io/" + version);
    table.put("metadata", metadata);
    table.put("columnDefinitions", withColumns ? definitions(columns) : new ArrayList<>());
    List<Object> rows = new ArrayList<>(objects.size());
    for (Map<String, Object> object : objects) {
      rows.add(row(columns, object, include, version, now));
    }
    table.put("rows", rows);
    return table;
  }

  /** The metadata-only form of an object. */
  public static Map<String, Object> partial(Map<String, Object> object, String version) {
    Map<String, Object> partial = new LinkedHashMap<>();
    partial.put("kind", "PartialObjectMetadata");
    partial.put("apiVersion", "meta.k8s.io/" + version);
    Map<String, Object> metadata = Trees.map(object, "metadata");
    partial.put("metadata", metadata == null ? new LinkedHashMap<>() : metadata);
    return partial;
  }

  private static List<Object> definitions(TablePrinter printer) {
    List<Object> definitions = new ArrayList<>();
    for (Column c : printer.columns()) {
      Map<String, Object> d = new LinkedHashMap<>();
      d.put("name", c.name());
      d.put("type", c.type());
      d.put("format", c.format());
      d.put("description", c.description());
      d.put("priority", (long) c.priority());
      definitions.add(d);
    }
    return definitions;
  }

  private static Map<String, Object> row(
      TablePrinter printer,
      Map<String, Object> object,
      IncludeObject include,
      String version,
      Instant now) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("cells", printer.cells(object, now));
    List<Map<String, Object>> conditions = printer.conditions(object);
    if (!conditions.isEmpty()) {
      row.put("conditions", conditions);
    }
    switch (include) {
      case NONE -> row.put("object", null);
      case METADATA -> row.put("object", partial(object, version));
      case OBJECT -> row.put("object", object);
    }
    return row;
  }
}
