package io.kubra.apiserver.table.printers;

import io.kubra.api.selector.LabelSelector;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.HumanDuration;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What cells of several kinds have in common. */
final class Cells {
  static final String NONE = "<none>";
  static final String UNSET = "<unset>";
  static final String UNKNOWN = "<unknown>";

  private Cells() {}

  /** The text at the path, empty if there is none. */
  static String text(Map<String, Object> object, String... path) {
    Object value = Trees.get(object, path);
    return value == null ? "" : value.toString();
  }

  /** The text at the path, or another if there is none. */
  static String textOr(String otherwise, Map<String, Object> object, String... path) {
    String text = text(object, path);
    return text.isEmpty() ? otherwise : text;
  }

  /** The number at the path, zero if there is none. */
  static Long number(Map<String, Object> object, String... path) {
    return Trees.integerOr(object, 0, path);
  }

  /** How long ago the time at the path was. */
  static String age(Map<String, Object> object, Instant now, String... path) {
    return age(Trees.string(object, path), now);
  }

  /** How long ago a time was. */
  static String age(@Nullable String time, Instant now) {
    Instant then = instant(time);
    return then == null ? UNKNOWN : HumanDuration.format(Duration.between(then, now));
  }

  /** A time, or null if there is none. */
  static @Nullable Instant instant(@Nullable String time) {
    try {
      return time == null || time.isEmpty() ? null : Instant.parse(time);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** Names or images of the containers in a pod template, wherever the kind has it. */
  static String containers(Map<String, Object> object, String field) {
    List<Map<String, Object>> containers =
        Trees.maps(object, "spec", "template", "spec", "containers");
    return containers.stream()
        .map(c -> Trees.stringOr(c, "", field))
        .collect(Collectors.joining(","));
  }

  /** A label selector object in its query form. */
  static String selector(@Nullable Map<String, Object> selector) {
    if (selector == null) {
      return NONE;
    }
    boolean structured =
        selector.containsKey("matchLabels") || selector.containsKey("matchExpressions");
    if (!structured) {
      return labels(selector);
    }
    try {
      String text = LabelSelector.fromTree(selector).toString();
      return text.isEmpty() ? NONE : text;
    } catch (ApiException malformed) {
      return "<error>";
    }
  }

  /** A map of labels in the order of their keys. */
  static String labels(@Nullable Map<String, Object> labels) {
    if (labels == null || labels.isEmpty()) {
      return NONE;
    }
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(","));
  }

  /** Texts with commas between, or none. */
  static String join(List<String> texts) {
    return texts.isEmpty() ? NONE : String.join(",", texts);
  }

  /** The first three texts and how many more there are. */
  static String firstThree(List<String> texts) {
    if (texts.size() <= 3) {
      return join(texts);
    }
    return String.join(",", texts.subList(0, 3)) + " + " + (texts.size() - 3) + " more...";
  }
}
