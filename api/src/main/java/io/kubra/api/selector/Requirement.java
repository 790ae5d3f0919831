package io.kubra.api.selector;

import java.util.List;
import java.util.TreeSet;

/** One condition on a label. */
public record Requirement(String key, Operator operator, List<String> values) {
  /** The conditions there are. */
  public enum Operator {
    EXISTS,
    DOES_NOT_EXIST,
    IN,
    NOT_IN,
    EQUALS,
    NOT_EQUALS,
    GREATER_THAN,
    LESS_THAN
  }

  /** Whether a label set, given as a lookup that answers null for absent labels, satisfies this. */
  boolean matches(LabelSelector.Labels labels) {
    String value = labels.get(key);
    return switch (operator) {
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
      case IN, EQUALS -> value != null && values.contains(value);
      case NOT_IN, NOT_EQUALS -> value == null || !values.contains(value);
      case GREATER_THAN -> value != null && compare(value) > 0;
      case LESS_THAN -> value != null && compare(value) < 0;
    };
  }

  private int compare(String value) {
    try {
      return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** As in a query. */
  @Override
  public String toString() {
    String joined = String.join(",", new TreeSet<>(values));
    return switch (operator) {
      case EXISTS -> key;
      case DOES_NOT_EXIST -> "!" + key;
      case IN -> key + " in (" + joined + ")";
      case NOT_IN -> key + " notin (" + joined + ")";
      case EQUALS -> key + "=" + joined;
      case NOT_EQUALS -> key + "!=" + joined;
      case GREATER_THAN -> key + ">" + joined;
      case LESS_THAN -> key + "<" + joined;
    };
  }
}
