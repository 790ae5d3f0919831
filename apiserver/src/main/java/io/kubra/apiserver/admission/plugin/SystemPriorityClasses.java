package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.PostStartHook;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the two priority classes that every cluster has. */
public final class SystemPriorityClasses implements PostStartHook {
  private static final GroupResource CLASSES =
      new GroupResource("scheduling.k8s.io", "priorityclasses");

  static final List<Map<String, Object>> OBJECTS =
      List.of(
          priorityClass(
              "system-cluster-critical",
              2_000_000_000L,
              "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."),
          priorityClass(
              "system-node-critical",
              2_000_001_000L,
              "Used for system critical pods that must not be moved from their current node."));

  @Override
  public String name() {
    return "scheduling/bootstrap-system-priority-classes";
  }

  @Override
  public void run(ObjectAccess objects) {
    for (Map<String, Object> each : OBJECTS) {
      if (objects.get(CLASSES, "", Trees.stringOr(each, "", "metadata", "name")) == null) {
        try {
          objects.create(CLASSES, Trees.deepCopy(each));
        } catch (ApiException e) {
          boolean anotherServerDidIt = e.code() == 409;
          if (!anotherServerDidIt) {
            throw e;
          }
        }
      }
    }
  }

  private static Map<String, Object> priorityClass(String name, long value, String description) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("apiVersion", "scheduling.k8s.io/v1");
    object.put("kind", "PriorityClass");
    Trees.set(object, name, "metadata", "name");
    object.put("value", value);
    object.put("description", description);
    object.put("preemptionPolicy", "PreemptLowerPriority");
    return object;
  }
}
