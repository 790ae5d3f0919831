package io.kubra.apiserver.aggregation;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectAccess;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the condition Available. */
final class Conditions {
  private final ObjectAccess objects;
  private final Clock clock;

  Conditions(ObjectAccess objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  void set(Map<String, Object> service, boolean available, String reason, String message) {
    String status = available ? "True" : "False";
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("lastTransitionTime", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    condition.put("message", message);
    condition.put("reason", reason);
    condition.put("status", status);
    condition.put("type", "Available");
    for (Map<String, Object> before : Trees.maps(service, "status", "conditions")) {
      if ("Available".equals(before.get("type")) && status.equals(before.get("status"))) {
        if (reason.equals(before.get("reason")) && message.equals(before.get("message"))) {
          return;
        }
        condition.put("lastTransitionTime", Trees.stringOr(before, "", "lastTransitionTime"));
      }
    }
    Trees.set(service, List.of(condition), "status", "conditions");
    objects.updateStatus(Aggregation.SERVICES, service);
  }
}
