package io.kubra.apiserver.flow;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectAccess;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps the default objects as they should be, and says of schemas whether their level exists. */
final class FlowObjects {
  static final String GROUP = "flowcontrol.apiserver.k8s.io";
  static final GroupResource SCHEMAS = new GroupResource(GROUP, "flowschemas");
  static final GroupResource LEVELS = new GroupResource(GROUP, "prioritylevelconfigurations");
  private static final String AUTO_UPDATE = "apf.kubernetes.io/autoupdate-spec";

  private final ObjectAccess objects;
  private final FlowDefaults defaults;
  private final Clock clock;

  FlowObjects(ObjectAccess objects, FlowDefaults defaults, Clock clock) {
    this.objects = objects;
    this.defaults = defaults;
    this.clock = clock;
  }

  /** Makes what is missing at the first start, and repairs mandatory objects. */
  void ensure(boolean first) {
    for (Map<String, Object> level : defaults.levels()) {
      ensure(LEVELS, level, first);
    }
    for (Map<String, Object> schema : defaults.schemas()) {
      ensure(SCHEMAS, schema, first);
    }
  }

  private void ensure(GroupResource resource, Map<String, Object> wanted, boolean first) {
    String name = Trees.stringOr(wanted, "", "metadata", "name");
    boolean mandatory = FlowDefaults.mandatory(wanted);
    Map<String, Object> present = objects.get(resource, "", name);
    try {
      if (present == null) {
        // a suggested object that somebody deleted comes back with the next start only
        if (mandatory || first) {
          objects.create(resource, Trees.deepCopy(wanted));
        }
        return;
      }
      boolean ours =
          mandatory || "true".equals(Trees.string(present, "metadata", "annotations", AUTO_UPDATE));
      if (ours && !covers(present.get("spec"), wanted.get("spec"))) {
        present.put("spec", Trees.deepCopy(wanted).get("spec"));
        objects.update(resource, present);
      }
    } catch (ApiException e) {
      // another server was faster
      if (!e.is("AlreadyExists") && !e.is("Conflict")) {
        throw e;
      }
    }
  }

  /** Whether everything that is wanted is there; defaults may have been added. */
  private static boolean covers(
      @org.jspecify.annotations.Nullable Object present,
      @org.jspecify.annotations.Nullable Object wanted) {
    if (wanted instanceof Map<?, ?> map) {
      return present instanceof Map<?, ?> other
          && map.entrySet().stream().allMatch(e -> covers(other.get(e.getKey()), e.getValue()));
    }
    if (wanted instanceof List<?> list && present instanceof List<?> other) {
      for (int i = 0; i < list.size(); i++) {
        if (other.size() != list.size() || !covers(other.get(i), list.get(i))) {
          return false;
        }
      }
      return other.size() == list.size();
    }
    return Trees.equal(present, wanted);
  }

  /** Sets the condition Dangling of all schemas. */
  void reportDangling() {
    Set<String> levels =
        objects.list(LEVELS, null).stream()
            .map(l -> Trees.stringOr(l, "", "metadata", "name"))
            .collect(Collectors.toSet());
    for (Map<String, Object> schema : objects.list(SCHEMAS, null)) {
      String level = Trees.stringOr(schema, "", "spec", "priorityLevelConfiguration", "name");
      boolean found = levels.contains(level);
      String status = found ? "False" : "True";
      List<Map<String, Object>> conditions = Trees.maps(schema, "status", "conditions");
      boolean said =
          conditions.stream()
              .anyMatch(c -> "Dangling".equals(c.get("type")) && status.equals(c.get("status")));
      if (!said) {
        Trees.set(schema, List.of(dangling(level, status, found)), "status", "conditions");
        try {
          objects.updateStatus(SCHEMAS, schema);
        } catch (ApiException e) {
          if (!e.is("Conflict") && !e.is("NotFound")) {
            throw e;
          }
        }
      }
    }
  }

  private Map<String, Object> dangling(String level, String status, boolean found) {
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("type", "Dangling");
    condition.put("status", status);
    condition.put("lastTransitionTime", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    condition.put("reason", found ? "Found" : "NotFound");
    condition.put(
        "message",
        "This FlowSchema references the PriorityLevelConfiguration object named \"%s\" %s"
            .formatted(level, found ? "and it exists" : "but there is no such object"));
    return condition;
  }
}
