package io.kubra.conformance.cluster;

import io.kubra.api.tree.Trees;
import java.util.List;
import java.util.Map;

/** Reads what all objects have in common. */
public final class Named {
  private Named() {}

  /** The name. */
  public static String name(Map<String, Object> object) {
    return Trees.stringOr(object, "", "metadata", "name");
  }

  /** The namespace, or empty. */
  public static String namespace(Map<String, Object> object) {
    return Trees.stringOr(object, "", "metadata", "namespace");
  }

  /** The namespace and name with a slash between, or the name alone. */
  public static String full(Map<String, Object> object) {
    String namespace = namespace(object);
    return namespace.isEmpty() ? name(object) : namespace + "/" + name(object);
  }

  /** A label's value, or empty. */
  public static String label(Map<String, Object> object, String key) {
    return Trees.stringOr(object, "", "metadata", "labels", key);
  }

  /** Whether there is such a label. */
  public static boolean labelled(Map<String, Object> object, String key) {
    return Trees.get(object, "metadata", "labels", key) != null;
  }

  /** Whether a condition of the object's status has the value True. */
  public static boolean condition(Map<String, Object> object, String type) {
    return conditionStatus(object, type).equals("True");
  }

  /** The value of a condition of the object's status, or empty. */
  public static String conditionStatus(Map<String, Object> object, String type) {
    List<Map<String, Object>> conditions = Trees.maps(object, "status", "conditions");
    for (Map<String, Object> condition : conditions) {
      if (type.equals(Trees.string(condition, "type"))) {
        return Trees.stringOr(condition, "", "status");
      }
    }
    return "";
  }
}
