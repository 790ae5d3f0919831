package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.HumanDuration;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object as a row of a table: reads fields the way cells want them. */
record Row(Map<String, Object> object, Instant now) {
  static final String NONE = "<none>";
  static final String UNSET = "<unset>";
  static final String UNKNOWN = "<unknown>";

  /** The string at the path, empty if there is none. */
  String text(String... path) {
    return Trees.stringOr(object, "", path);
  }

  /** The string at the path, or the alternative if there is none or it is empty. */
  String textOr(String alternative, String... path) {
    String text = text(path);
    return text.isEmpty() ? alternative : text;
  }

  /** The number, string or boolean at the path as text, or the alternative. */
  String anyOr(String alternative, String... path) {
    Object value = Trees.get(object, path);
    return value == null ? alternative : value.toString();
  }

  /** The integer at the path, 0 if there is none. */
  long number(String... path) {
    return Trees.integerOr(object, 0, path);
  }

  boolean has(String... path) {
    return Trees.get(object, path) != null;
  }

  boolean flag(String... path) {
    return Trees.bool(object, path);
  }

  /** How many items or keys there are at the path. */
  long size(String... path) {
    return switch (Trees.get(object, path)) {
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case null, default -> 0;
    };
  }

  List<Map<String, Object>> maps(String... path) {
    return Trees.maps(object, path);
  }

  List<String> strings(String... path) {
    return Trees.strings(object, path);
  }

  String name() {
    return text("metadata", "name");
  }

  boolean deleted() {
    return has("metadata", "deletionTimestamp");
  }

  /** The status of the condition of that type, or null. */
  @Nullable Map<String, Object> condition(String type) {
    for (Map<String, Object> condition : maps("status", "conditions")) {
      if (type.equals(condition.get("type"))) {
        return condition;
      }
    }
    return null;
  }

  boolean conditionTrue(String type) {
    Map<String, Object> condition = condition(type);
    return condition != null && "True".equals(condition.get("status"));
  }

  /** How long ago the time at the path was. */
  String since(String... path) {
    return since(time(object, path));
  }

  /** How long ago that was; unknown if null. */
  String since(@Nullable Instant time) {
    return time == null ? UNKNOWN : HumanDuration.format(Duration.between(time, now));
  }

  /** The time at the path, null if there is none or it cannot be read. */
  static @Nullable Instant time(@Nullable Object tree, String... path) {
    String text = Trees.string(tree, path);
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
