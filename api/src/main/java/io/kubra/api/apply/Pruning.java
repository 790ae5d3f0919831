package io.kubra.api.apply;

import io.kubra.api.schema.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Removes what an applier owned before and has stopped applying, unless somebody else owns it.
 * First everything it owned goes, then what any manager owns comes back, and last whatever went
 * along without having been the applier's.
 */
final class Pruning {
  private Pruning() {}

  /**
   * The merged object without what only the applier's last configuration asked for.
   *
   * @param apiVersion of the merged object
   * @param versions null if fields have the same places in all versions
   */
  static Map<String, Object> of(
      @Nullable Schema schema,
      Map<String, Object> merged,
      ManagedEntry last,
      ManagedFields managed,
      String apiVersion,
      @Nullable FieldVersions versions) {
    if (last.fields().isEmpty()) {
      return merged;
    }
    if (versions == null) {
      return of(schema, merged, last.fields(), owned(managed, null));
    }
    Schema theirs = versions.schema(last.apiVersion());
    Map<String, Object> then = inVersion(merged, last.apiVersion(), apiVersion, versions);
    if (theirs == null || then == null) {
      return merged;
    }
    Map<String, Object> pruned = of(theirs, then, last.fields(), owned(managed, last.apiVersion()));
    if (pruned == then || takesFromOthers(then, pruned, last, managed, versions)) {
      return merged;
    }
    Map<String, Object> back = inVersion(pruned, apiVersion, last.apiVersion(), versions);
    return back == null ? merged : back;
  }

  private static @Nullable Map<String, Object> inVersion(
      Map<String, Object> object, String wanted, String has, FieldVersions versions) {
    return wanted.equals(has) ? object : versions.convert(object, wanted);
  }

  /** Whether managers that wrote in other versions own part of what would go. */
  private static boolean takesFromOthers(
      Map<String, Object> before,
      Map<String, Object> after,
      ManagedEntry last,
      ManagedFields managed,
      FieldVersions versions) {
    for (ManagedEntry entry : managed.entries()) {
      String version = entry.apiVersion();
      Schema schema = versions.schema(version);
      if (version.equals(last.apiVersion()) || entry.id().equals(last.id()) || schema == null) {
        continue;
      }
      Map<String, Object> then = versions.convert(before, version);
      Map<String, Object> now = versions.convert(after, version);
      if (then != null && now != null && entry.overlaps(Comparison.of(schema, then, now).removed)) {
        return true;
      }
    }
    return false;
  }

  /** What managers own, all of them or those that wrote in a version. */
  private static FieldSet owned(ManagedFields managed, @Nullable String apiVersion) {
    FieldSet owned = FieldSet.empty();
    for (ManagedEntry entry : managed.entries()) {
      if (apiVersion == null || apiVersion.equals(entry.apiVersion())) {
        owned = owned.union(entry.fields());
      }
    }
    return owned;
  }

  private static Map<String, Object> of(
      @Nullable Schema schema, Map<String, Object> merged, FieldSet last, FieldSet owned) {
    FieldSet lost = Extraction.withNamedFields(last, schema);
    FieldSet all = present(schema, merged);
    Map<String, Object> bare = Removal.of(schema, merged, lost);
    FieldSet kept = present(schema, bare).union(Extraction.withNamedFields(owned, schema));
    Map<String, Object> backed = Removal.of(schema, merged, all.difference(kept));
    FieldSet gone = all.difference(present(schema, backed)).intersection(lost);
    return gone.isEmpty() ? merged : Removal.of(schema, merged, gone);
  }

  private static FieldSet present(@Nullable Schema schema, Map<String, Object> tree) {
    return Extraction.withNamedFields(Extraction.of(schema, tree), schema);
  }
}
