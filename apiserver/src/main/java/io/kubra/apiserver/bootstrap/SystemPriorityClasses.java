package io.kubra.apiserver.bootstrap;

import io.kubra.api.meta.GroupResource;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.PostStartHook;
import java.util.Map;

/** The two priority classes for what the cluster itself needs. */
public final class SystemPriorityClasses implements PostStartHook {
  private static final GroupResource CLASSES =
      new GroupResource("scheduling.k8s.io", "priorityclasses");

  @Override
  public String name() {
    return "scheduling/bootstrap-system-priority-classes";
  }

  @Override
  public void run(ObjectAccess objects) {
    ensure(
        objects,
        "system-node-critical",
        2_000_001_000L,
        "Used for system critical pods that must not be moved from their current node.");
    ensure(
        objects,
        "system-cluster-critical",
        2_000_000_000L,
        "Used for system critical pods that must run in the cluster, but can be moved to another"
            + " node if necessary.");
  }

  private static void ensure(ObjectAccess objects, String name, long value, String description) {
    Map<String, Object> priority = Seeds.named("", name);
    priority.put("value", value);
    priority.put("description", description);
    priority.put("preemptionPolicy", "PreemptLowerPriority");
    Seeds.ensure(objects, CLASSES, "", name, priority);
  }
}
