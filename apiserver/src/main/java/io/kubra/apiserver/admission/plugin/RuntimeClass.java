package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives pods the overhead and the scheduling constraints of their runtime class. */
final class RuntimeClass implements AdmissionPlugin {
  private static final GroupResource CLASSES = new GroupResource("node.k8s.io", "runtimeclasses");
  private final ObjectReader objects;

  RuntimeClass(ObjectReader objects) {
    this.objects = objects;
  }

  @Override
  public String name() {
    return "RuntimeClass";
  }

  @Override
  public void mutate(AdmissionContext context) {
    Map<String, Object> pod = Pods.created(context);
    Map<String, Object> runtimeClass = pod == null ? null : classOf(context, pod);
    if (pod == null || runtimeClass == null) {
      return;
    }
    setOverhead(context, pod, runtimeClass);
    setScheduling(context, pod, runtimeClass);
  }

  @Override
  public void validate(AdmissionContext context) {
    Map<String, Object> pod = Pods.created(context);
    if (pod == null || Trees.get(pod, "spec", "overhead") == null) {
      return;
    }
    Map<String, Object> runtimeClass = classOf(context, pod);
    if (runtimeClass == null || Trees.get(runtimeClass, "overhead", "podFixed") == null) {
      throw Refusal.forbidden(
          context,
          "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
    }
  }

  private @Nullable Map<String, Object> classOf(AdmissionContext context, Map<String, Object> pod) {
    String name = Trees.string(pod, "spec", "runtimeClassName");
    if (name == null) {
      return null;
    }
    Map<String, Object> found = objects.get(CLASSES, "", name);
    if (found == null) {
      throw Refusal.forbidden(
          context, "pod rejected: RuntimeClass \"%s\" not found".formatted(name));
    }
    return found;
  }

  private static void setOverhead(
      AdmissionContext context, Map<String, Object> pod, Map<String, Object> runtimeClass) {
    Map<String, Object> fixed = Trees.map(runtimeClass, "overhead", "podFixed");
    if (fixed == null) {
      return;
    }
    Map<String, Object> given = Trees.map(pod, "spec", "overhead");
    if (given != null && !given.isEmpty() && !Trees.equal(given, fixed)) {
      throw Refusal.forbidden(
          context, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }
    Trees.set(pod, Trees.deepCopy(fixed), "spec", "overhead");
  }

  private static void setScheduling(
      AdmissionContext context, Map<String, Object> pod, Map<String, Object> runtimeClass) {
    Map<String, Object> selector = Trees.map(runtimeClass, "scheduling", "nodeSelector");
    if (selector != null) {
      Map<String, Object> own = Trees.ensureMap(pod, "spec", "nodeSelector");
      for (Map.Entry<String, Object> label : selector.entrySet()) {
        Object before = own.putIfAbsent(label.getKey(), label.getValue());
        if (before != null && !before.equals(label.getValue())) {
          throw Refusal.forbidden(
              context,
              "conflict: runtimeClass.scheduling.nodeSelector[%s] = %s; pod.spec.nodeSelector[%s] = %s"
                  .formatted(label.getKey(), label.getValue(), label.getKey(), before));
        }
      }
    }
    List<Object> tolerations = Trees.list(runtimeClass, "scheduling", "tolerations");
    if (!tolerations.isEmpty()) {
      List<Object> own = Trees.ensureList(pod, "spec", "tolerations");
      for (Object toleration : tolerations) {
        if (own.stream().noneMatch(each -> Trees.equal(each, toleration))) {
          own.add(Trees.deepCopy(toleration));
        }
      }
    }
  }
}
