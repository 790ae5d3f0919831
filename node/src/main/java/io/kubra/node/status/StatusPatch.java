package io.kubra.node.status;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.model.core.v1.PodStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the strategic merge patch that leads from one pod status to another: only what changed, and
 * never the conditions that others set.
 */
final class StatusPatch {
  private static final Set<String> REPLACED_LISTS = Set.of("podIPs", "hostIPs");

  private StatusPatch() {}

  /** The patch, or null if nothing changed. */
  static byte @Nullable [] between(String podUid, PodStatus from, PodStatus to) {
    Map<String, Object> before = Json.parseObject(from.toJson());
    Map<String, Object> after = Json.parseObject(to.toJson());
    Map<String, @Nullable Object> changes = new LinkedHashMap<>();
    after.forEach(
        (name, value) -> {
          Object old = before.get(name);
          if (old != null && Trees.equal(old, value)) {
            return;
          }
          if (name.equals("conditions")) {
            List<Object> changed = conditions(old, value);
            if (!changed.isEmpty()) {
              changes.put(name, changed);
            }
          } else if (REPLACED_LISTS.contains(name) && old != null && value instanceof List<?> l) {
            List<Object> list = new ArrayList<>(l);
            list.add(Map.of("$patch", "replace"));
            changes.put(name, list);
          } else {
            changes.put(name, value);
          }
        });
    for (String name : before.keySet()) {
      if (!after.containsKey(name)) {
        changes.put(name, null);
      }
    }
    if (changes.isEmpty()) {
      return null;
    }
    Map<String, Object> patch = new LinkedHashMap<>();
    // The server refuses the patch if the name meanwhile belongs to another pod.
    patch.put("metadata", Map.of("uid", podUid));
    patch.put("status", changes);
    return Json.write(patch);
  }

  private static List<Object> conditions(@Nullable Object before, Object after) {
    List<Object> changed = new ArrayList<>();
    for (Object condition : (List<?>) after) {
      Object old = byType(before, Trees.stringOr(condition, "", "type"));
      if (old != null && Trees.equal(old, condition)) {
        continue;
      }
      Map<String, @Nullable Object> full = new LinkedHashMap<>();
      ((Map<?, ?>) condition).forEach((k, v) -> full.put(String.valueOf(k), v));
      if (old instanceof Map<?, ?> known) {
        for (Object field : known.keySet()) {
          full.putIfAbsent(String.valueOf(field), null);
        }
      }
      changed.add(full);
    }
    return changed;
  }

  private static @Nullable Object byType(@Nullable Object conditions, String type) {
    if (conditions instanceof List<?> list) {
      for (Object condition : list) {
        if (type.equals(Trees.string(condition, "type"))) {
          return condition;
        }
      }
    }
    return null;
  }
}
