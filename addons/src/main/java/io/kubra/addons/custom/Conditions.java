package io.kubra.addons.custom;

import io.kubra.api.tree.Trees;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Conditions in the status of custom objects, in upstream's form (metav1.Condition). */
public final class Conditions {
  private Conditions() {}

  /**
   * The conditions of an object with one set; its time of transition stays if its status does.
   *
   * @param status {@code True}, {@code False} or {@code Unknown}
   */
  public static List<Object> with(
      CustomObject object, String type, String status, String reason, String message, Instant now) {
    List<Object> conditions = new ArrayList<>();
    String since = now.truncatedTo(ChronoUnit.SECONDS).toString();
    for (Map<String, Object> old : Trees.maps(object.tree(), "status", "conditions")) {
      if (!type.equals(Trees.string(old, "type"))) {
        conditions.add(old);
      } else if (status.equals(Trees.string(old, "status"))) {
        since = Trees.stringOr(old, since, "lastTransitionTime");
      }
    }
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("type", type);
    condition.put("status", status);
    condition.put("observedGeneration", generation(object));
    condition.put("lastTransitionTime", since);
    condition.put("reason", reason);
    condition.put("message", message);
    conditions.add(condition);
    return conditions;
  }

  /** One condition; empty if the object has none of the type. */
  public static Map<String, Object> get(CustomObject object, String type) {
    return Trees.maps(object.tree(), "status", "conditions").stream()
        .filter(c -> type.equals(Trees.string(c, "type")))
        .findFirst()
        .orElse(Map.of());
  }

  /** The generation of an object's spec. */
  public static long generation(CustomObject object) {
    return Trees.integerOr(object.tree(), 0, "metadata", "generation");
  }
}
