package io.kubra.api.apply;

import io.kubra.api.status.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The fields an apply would change although other managers own them. */
record ApplyConflicts(Map<ManagedEntry.Id, FieldSet> byManager) {

  /** What the other managers own of the paths that are written, each in its own version. */
  static ApplyConflicts find(
      ManagedFields managed, Function<ManagedEntry, FieldSet> written, ManagedEntry.Id applier) {
    Map<ManagedEntry.Id, FieldSet> conflicts = new LinkedHashMap<>();
    managed.entries().stream()
        .sorted(ManagedEntry.ORDER)
        .filter(entry -> !entry.id().equals(applier) && entry.overlaps(written.apply(entry)))
        .forEach(
            entry -> conflicts.put(entry.id(), entry.fields().intersection(written.apply(entry))));
    return new ApplyConflicts(conflicts);
  }

  boolean isEmpty() {
    return byManager.isEmpty();
  }

  /** The conflicts left when these paths may be taken over. */
  ApplyConflicts without(FieldSet allowed) {
    Map<ManagedEntry.Id, FieldSet> rest = new LinkedHashMap<>();
    byManager.forEach(
        (id, fields) -> {
          FieldSet remaining = fields.difference(allowed);
          if (!remaining.isEmpty()) {
            rest.put(id, remaining);
          }
        });
    return new ApplyConflicts(rest);
  }

  /** The 409 answer, with a cause per field. */
  ApiException toException() {
    List<Object> causes = new ArrayList<>();
    Map<String, List<String>> lines = new java.util.TreeMap<>();
    byManager.forEach(
        (id, fields) -> {
          for (List<String> path : fields.paths()) {
            String field = PathElement.display(path);
            Map<String, Object> cause = new LinkedHashMap<>();
            cause.put("reason", "FieldManagerConflict");
            cause.put("message", "conflict with " + id.display());
            cause.put("field", field);
            causes.add(cause);
            lines.computeIfAbsent(id.display(), _ -> new ArrayList<>()).add(field);
          }
        });
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("kind", "Status");
    status.put("apiVersion", "v1");
    status.put("metadata", new LinkedHashMap<String, Object>());
    status.put("status", "Failure");
    status.put("message", message(causes.size(), lines));
    status.put("reason", "Conflict");
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("causes", causes);
    status.put("details", details);
    status.put("code", 409L);
    return ApiException.fromStatus(status);
  }

  private static String message(int count, Map<String, List<String>> lines) {
    if (count == 1) {
      Map.Entry<String, List<String>> only = lines.entrySet().iterator().next();
      return "Apply failed with 1 conflict: conflict with "
          + only.getKey()
          + ": "
          + only.getValue().getFirst();
    }
    List<String> parts = new ArrayList<>();
    lines.forEach(
        (manager, fields) -> {
          parts.add("conflicts with " + manager + ":");
          fields.forEach(field -> parts.add("- " + field));
        });
    return "Apply failed with " + count + " conflicts: " + String.join("\n", parts);
  }
}
