package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.quantity.Quantity;
import io.kubra.api.quota.PodResources;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The LimitRanges of a namespace: containers get default requests and limits; containers, pods and
 * claims have to keep within the least and the most.
 */
final class LimitRanger implements AdmissionPlugin {
  private static final GroupResource RANGES = new GroupResource("", "limitranges");
  private static final String ANNOTATION = "kubernetes.io/limit-ranger";
  private final ObjectReader objects;

  LimitRanger(ObjectReader objects) {
    this.objects = objects;
  }

  @Override
  public String name() {
    return "LimitRanger";
  }

  @Override
  public void mutate(AdmissionContext context) {
    Map<String, Object> pod = Pods.created(context);
    if (pod == null) {
      return;
    }
    for (Map<String, Object> item : items(context.namespace(), "Container")) {
      List<String> notes = new ArrayList<>();
      for (Map<String, Object> container : Trees.maps(pod, "spec", "containers")) {
        setDefaults(container, "container", item, notes);
      }
      for (Map<String, Object> container : Trees.maps(pod, "spec", "initContainers")) {
        setDefaults(container, "init container", item, notes);
      }
      if (!notes.isEmpty()) {
        Trees.set(
            pod,
            "LimitRanger plugin set: " + String.join("; ", notes),
            "metadata",
            "annotations",
            ANNOTATION);
      }
    }
  }

  @Override
  public void validate(AdmissionContext context) {
    Map<String, Object> object = context.object();
    boolean write =
        context.operation() == Operation.CREATE || context.operation() == Operation.UPDATE;
    if (object == null || !write) {
      return;
    }
    List<String> problems = new ArrayList<>();
    if (context.operation() == Operation.CREATE && context.isFor("", "pods")) {
      for (Map<String, Object> item : items(context.namespace(), "Container")) {
        for (Map<String, Object> container : Pods.containers(object)) {
          check(
              "Container",
              item,
              amounts(container, "requests"),
              amounts(container, "limits"),
              problems);
        }
      }
      for (Map<String, Object> item : items(context.namespace(), "Pod")) {
        check(
            "Pod",
            item,
            PodResources.of(object, "requests"),
            PodResources.of(object, "limits"),
            problems);
      }
    } else if (context.isFor("", "persistentvolumeclaims")) {
      for (Map<String, Object> item : items(context.namespace(), "PersistentVolumeClaim")) {
        Map<String, Quantity> requested =
            PodResources.quantities(Trees.map(object, "spec", "resources", "requests"));
        check("PersistentVolumeClaim", item, requested, Map.of(), problems);
      }
    }
    if (!problems.isEmpty()) {
      throw Refusal.forbidden(
          context,
          problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]");
    }
  }

  private List<Map<String, Object>> items(String namespace, String type) {
    List<Map<String, Object>> items = new ArrayList<>();
    for (Map<String, Object> range : objects.list(RANGES, namespace)) {
      for (Map<String, Object> item : Trees.maps(range, "spec", "limits")) {
        if (type.equals(item.get("type"))) {
          items.add(item);
        }
      }
    }
    return items;
  }

  private static void setDefaults(
      Map<String, Object> container, String kind, Map<String, Object> item, List<String> notes) {
    String name = Trees.stringOr(container, "", "name");
    note(kind, name, "request", fill(container, "requests", item, "defaultRequest"), notes);
    note(kind, name, "limit", fill(container, "limits", item, "default"), notes);
  }

  private static List<String> fill(
      Map<String, Object> container, String field, Map<String, Object> item, String defaults) {
    List<String> set = new ArrayList<>();
    Map<String, Object> values = Trees.map(item, defaults);
    if (values == null) {
      return set;
    }
    for (Map.Entry<String, Object> value : values.entrySet()) {
      Map<String, Object> target = Trees.ensureMap(container, "resources", field);
      if (target.putIfAbsent(value.getKey(), value.getValue()) == null) {
        set.add(value.getKey());
      }
    }
    set.sort(null);
    return set;
  }

  private static void note(
      String kind, String container, String what, List<String> set, List<String> notes) {
    if (!set.isEmpty()) {
      notes.add("%s %s for %s %s".formatted(String.join(", ", set), what, kind, container));
    }
  }

  private static Map<String, Quantity> amounts(Map<String, Object> container, String field) {
    return PodResources.quantities(Trees.map(container, "resources", field));
  }

  private static void check(
      String type,
      Map<String, Object> item,
      Map<String, Quantity> requests,
      Map<String, Quantity> limits,
      List<String> problems) {
    boolean claim = type.equals("PersistentVolumeClaim");
    PodResources.quantities(Trees.map(item, "min"))
        .forEach((r, min) -> least(type, r, min, requests.get(r), limits.get(r), problems));
    PodResources.quantities(Trees.map(item, "max"))
        .forEach(
            (r, max) ->
                most(
                    type,
                    r,
                    max,
                    requests.get(r),
                    claim ? requests.get(r) : limits.get(r),
                    problems));
    PodResources.quantities(Trees.map(item, "maxLimitRequestRatio"))
        .forEach((r, ratio) -> ratio(type, r, ratio, requests.get(r), limits.get(r), problems));
  }

  private static void least(
      String type,
      String resource,
      Quantity min,
      @Nullable Quantity request,
      @Nullable Quantity limit,
      List<String> problems) {
    if (request == null) {
      problems.add(
          "minimum %s usage per %s is %s.  No request is specified".formatted(resource, type, min));
    } else if (request.compareTo(min) < 0) {
      problems.add(
          "minimum %s usage per %s is %s, but request is %s"
              .formatted(resource, type, min, request));
    } else if (limit != null && limit.compareTo(min) < 0) {
      problems.add(
          "minimum %s usage per %s is %s, but limit is %s".formatted(resource, type, min, limit));
    }
  }

  private static void most(
      String type,
      String resource,
      Quantity max,
      @Nullable Quantity request,
      @Nullable Quantity limit,
      List<String> problems) {
    if (limit == null) {
      problems.add(
          "maximum %s usage per %s is %s.  No limit is specified".formatted(resource, type, max));
    } else if (limit.compareTo(max) > 0) {
      problems.add(
          "maximum %s usage per %s is %s, but limit is %s".formatted(resource, type, max, limit));
    } else if (request != null && request.compareTo(max) > 0) {
      problems.add(
          "maximum %s usage per %s is %s, but request is %s"
              .formatted(resource, type, max, request));
    }
  }

  private static void ratio(
      String type,
      String resource,
      Quantity ratio,
      @Nullable Quantity request,
      @Nullable Quantity limit,
      List<String> problems) {
    String most = "%s max limit to request ratio per %s is %s".formatted(resource, type, ratio);
    if (request == null || request.signum() == 0) {
      problems.add(most + ", but no request is specified or request is 0");
    } else if (limit == null || limit.signum() == 0) {
      problems.add(most + ", but no limit is specified or limit is 0");
    } else {
      double actual = limit.amount().doubleValue() / request.amount().doubleValue();
      if (actual > ratio.amount().doubleValue()) {
        problems.add("%s, but provided ratio is %f".formatted(most, actual));
      }
    }
  }
}
