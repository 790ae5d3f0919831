package io.kubra.apiserver.rules.pod;

import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.check.Checks;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Checks which parts of a running pod change. */
final class PodUpdateChecks {
  private static final String ALLOWED =
      "pod updates may not change fields other than `spec.containers[*].image`,"
          + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only"
          + " additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to"
          + " be set to 1 if it was previously negative)";
  private static final FieldPath SPEC = FieldPath.of("spec");

  private PodUpdateChecks() {}

  static void check(Checks checks, Map<String, Object> pod, Map<String, Object> old) {
    Map<String, Object> now = Trees.deepCopy(orEmpty(pod));
    Map<String, Object> before = Trees.deepCopy(orEmpty(old));
    for (String list : List.of("containers", "initContainers")) {
      if (!images(checks, list, now, before)) {
        return;
      }
    }
    deadline(checks, now, before);
    tolerations(checks, now, before);
    gates(checks, now, before);
    if (Trees.integerOr(before, 0, "terminationGracePeriodSeconds") < 0
        && Trees.integerOr(now, 0, "terminationGracePeriodSeconds") == 1) {
      now.put("terminationGracePeriodSeconds", before.get("terminationGracePeriodSeconds"));
    }
    if (!Trees.list(before, "schedulingGates").isEmpty()) {
      // a gated pod may still be told where to go
      now.remove("nodeSelector");
      before.remove("nodeSelector");
      Trees.remove(now, "affinity", "nodeAffinity");
      Trees.remove(before, "affinity", "nodeAffinity");
      dropEmptyAffinity(now);
      dropEmptyAffinity(before);
    }
    for (Map<String, Object> spec : List.of(now, before)) {
      spec.remove("activeDeadlineSeconds");
      spec.remove("tolerations");
      spec.remove("schedulingGates");
    }
    TreeSet<String> fields = new TreeSet<>(now.keySet());
    fields.addAll(before.keySet());
    fields.removeIf(field -> Checks.same(now.get(field), before.get(field)));
    if (!fields.isEmpty()) {
      checks.forbidden(SPEC, ALLOWED + "\nchanged: " + String.join(", ", fields));
    }
  }

  private static boolean images(
      Checks checks, String list, Map<String, Object> now, Map<String, Object> before) {
    List<Map<String, Object>> ours = Trees.maps(now, list);
    List<Map<String, Object>> theirs = Trees.maps(before, list);
    if (ours.size() != theirs.size()) {
      checks.forbidden(SPEC.child(list), "pod updates may not add or remove containers");
      return false;
    }
    for (int i = 0; i < ours.size(); i++) {
      ours.get(i).remove("image");
      theirs.get(i).remove("image");
    }
    return true;
  }

  private static void deadline(Checks checks, Map<String, Object> now, Map<String, Object> before) {
    Long was = Trees.integer(before, "activeDeadlineSeconds");
    Long is = Trees.integer(now, "activeDeadlineSeconds");
    FieldPath path = SPEC.child("activeDeadlineSeconds");
    if (was == null) {
      return;
    }
    if (is == null) {
      checks.invalid(path, null, "must not update from a positive integer to nil value");
    } else if (is > was) {
      checks.invalid(path, is, "must be less than or equal to previous value");
    }
  }

  private static void tolerations(
      Checks checks, Map<String, Object> now, Map<String, Object> before) {
    List<Object> ours = Trees.list(now, "tolerations");
    for (Object toleration : Trees.list(before, "tolerations")) {
      boolean kept = false;
      for (Object candidate : ours) {
        kept |= sameButForSeconds(candidate, toleration);
      }
      if (!kept) {
        checks.forbidden(
            SPEC.child("tolerations"),
            "existing toleration can not be modified except its tolerationSeconds");
        return;
      }
    }
  }

  private static boolean sameButForSeconds(Object a, Object b) {
    for (String field : List.of("key", "operator", "value", "effect")) {
      if (!Trees.stringOr(a, "", field).equals(Trees.stringOr(b, "", field))) {
        return false;
      }
    }
    return true;
  }

  private static void gates(Checks checks, Map<String, Object> now, Map<String, Object> before) {
    List<Object> theirs = Trees.list(before, "schedulingGates");
    for (Object gate : Trees.list(now, "schedulingGates")) {
      if (theirs.stream().noneMatch(g -> Trees.equal(g, gate))) {
        checks.forbidden(
            SPEC.child("schedulingGates"),
            "only deletion is allowed, but found new scheduling gate '"
                + Trees.stringOr(gate, "", "name")
                + "'");
      }
    }
  }

  private static void dropEmptyAffinity(Map<String, Object> spec) {
    Map<String, Object> affinity = Trees.map(spec, "affinity");
    if (affinity != null && affinity.isEmpty()) {
      spec.remove("affinity");
    }
  }

  private static Map<String, Object> orEmpty(Map<String, Object> pod) {
    Map<String, Object> spec = Trees.map(pod, "spec");
    return spec == null ? Map.of() : spec;
  }
}
