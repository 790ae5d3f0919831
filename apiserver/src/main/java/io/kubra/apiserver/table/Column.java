package io.kubra.apiserver.table;

/**
 * A column of a table: type is string, integer, number, boolean or date; format may be empty;
 * columns of a priority above zero are shown with {@code -o wide} only.
 */
public record Column(String name, String type, String format, String description, int priority) {

  /** A string column that is always shown. */
  public static Column string(String name, String description) {
    return new Column(name, "string", "", description, 0);
  }

  /** A string column that is shown with {@code -o wide}. */
  public static Column wide(String name, String description) {
    return new Column(name, "string", "", description, 1);
  }
}
