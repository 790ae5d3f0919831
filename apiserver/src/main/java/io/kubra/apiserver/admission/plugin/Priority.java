package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the name of a pod's priority class into a number; there is one default class at most. */
final class Priority implements AdmissionPlugin {
  private static final GroupResource CLASSES =
      new GroupResource("scheduling.k8s.io", "priorityclasses");
  private static final String PREEMPT = "PreemptLowerPriority";
  private final ObjectReader objects;

  Priority(ObjectReader objects) {
    this.objects = objects;
  }

  private record Computed(String className, long priority, String preemption) {}

  @Override
  public String name() {
    return "Priority";
  }

  @Override
  public void mutate(AdmissionContext context) {
    Map<String, Object> pod = context.isFor("", "pods") ? context.object() : null;
    if (pod == null) {
      return;
    }
    Map<String, Object> spec = Trees.ensureMap(pod, "spec");
    switch (context.operation()) {
      case CREATE -> compute(context, spec);
      case UPDATE -> {
        keep(spec, context.oldObject(), "priority");
        keep(spec, context.oldObject(), "preemptionPolicy");
      }
      case DELETE, CONNECT -> {}
    }
  }

  private static void keep(
      Map<String, Object> spec, @Nullable Map<String, Object> old, String field) {
    Object before = Trees.get(old, "spec", field);
    if (spec.get(field) == null && before != null) {
      spec.put(field, before);
    }
  }

  private void compute(AdmissionContext context, Map<String, Object> spec) {
    String wanted = Trees.stringOr(spec, "", "priorityClassName");
    Computed computed = wanted.isEmpty() ? byDefault() : byName(context, wanted);
    if (!computed.className().isEmpty()) {
      spec.put("priorityClassName", computed.className());
    }
    Long given = Trees.integer(spec, "priority");
    if (given != null && given != computed.priority()) {
      throw Refusal.forbidden(
          context,
          "the integer value of priority (%d) must not be provided in pod spec; priority admission controller computed %d from the given PriorityClass name"
              .formatted(given, computed.priority()));
    }
    spec.put("priority", computed.priority());
    String policy = Trees.string(spec, "preemptionPolicy");
    if (policy != null && !policy.equals(computed.preemption())) {
      throw Refusal.forbidden(
          context,
          "the string value of PreemptionPolicy (%s) must not be provided in pod spec; priority admission controller computed %s from the given PriorityClass name"
              .formatted(policy, computed.preemption()));
    }
    spec.put("preemptionPolicy", computed.preemption());
  }

  private Computed byName(AdmissionContext context, String name) {
    Map<String, Object> found = objects.get(CLASSES, "", name);
    if (found == null) {
      throw Refusal.forbidden(context, "no PriorityClass with name %s was found".formatted(name));
    }
    return computed(found);
  }

  private Computed byDefault() {
    Map<String, Object> lowest = null;
    for (Map<String, Object> each : objects.list(CLASSES, null)) {
      if (Trees.bool(each, "globalDefault")
          && (lowest == null
              || Trees.integerOr(each, 0, "value") < Trees.integerOr(lowest, 0, "value"))) {
        lowest = each;
      }
    }
    return lowest == null ? new Computed("", 0, PREEMPT) : computed(lowest);
  }

  private static Computed computed(Map<String, Object> priorityClass) {
    return new Computed(
        Trees.stringOr(priorityClass, "", "metadata", "name"),
        Trees.integerOr(priorityClass, 0, "value"),
        Trees.stringOr(priorityClass, PREEMPT, "preemptionPolicy"));
  }

  @Override
  public void validate(AdmissionContext context) {
    boolean write =
        context.operation() == Operation.CREATE || context.operation() == Operation.UPDATE;
    if (!write
        || !context.isFor("scheduling.k8s.io", "priorityclasses")
        || !Trees.bool(context.object(), "globalDefault")) {
      return;
    }
    String name = Trees.stringOr(context.object(), "", "metadata", "name");
    for (Map<String, Object> each : objects.list(CLASSES, null)) {
      String other = Trees.stringOr(each, "", "metadata", "name");
      if (Trees.bool(each, "globalDefault") && !other.equals(name)) {
        throw Refusal.forbidden(
            context,
            "PriorityClass %s is already marked as default. Only one default can exist"
                .formatted(other));
      }
    }
  }
}
