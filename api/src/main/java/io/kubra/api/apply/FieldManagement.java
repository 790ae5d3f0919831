package io.kubra.api.apply;

import io.kubra.api.schema.Schema;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Field ownership: keeps metadata.managedFields on writes, and merges server-side applies. */
public final class FieldManagement {
  private static final String BEFORE_FIRST_APPLY = "before-first-apply";

  private FieldManagement() {}

  /**
   * Records the outcome of a create, update or patch: {@code manager} owns what differs between the
   * objects. Sets {@code next}'s managedFields and changes nothing else.
   *
   * <p>A client may edit managedFields on the main resource; a list that holds one empty entry
   * switches tracking off, a malformed one is passed over in favour of the live object's.
   *
   * @param old the stored object, null on create
   * @param resetFields paths this endpoint does not let its callers change, such as [status]
   */
  public static void recordUpdate(
      Schema schema,
      @Nullable Map<String, Object> old,
      Map<String, Object> next,
      String manager,
      String apiVersion,
      @Nullable String subresource,
      Instant now,
      Set<List<String>> resetFields) {
    recordUpdate(schema, old, next, manager, apiVersion, subresource, now, resetFields, null);
  }

  /**
   * As the other, where fields have other places in other versions.
   *
   * @param versions null if they have not
   */
  public static void recordUpdate(
      Schema schema,
      @Nullable Map<String, Object> old,
      Map<String, Object> next,
      String manager,
      String apiVersion,
      @Nullable String subresource,
      Instant now,
      Set<List<String>> resetFields,
      @Nullable FieldVersions versions) {
    Object stored = old == null ? null : Trees.get(old, "metadata", "managedFields");
    Object sent = takeManagedFields(next);
    ManagedFields managed =
        sent instanceof List<?> list
                && !list.isEmpty()
                && noSubresource(subresource)
                && !list.equals(stored)
            ? editedOrStored(list, stored)
            : null;
    if (managed == null ? old != null && !isList(stored) : old != null && managed.isEmpty()) {
      return;
    }
    Map<String, Object> before = old == null ? Map.of() : withoutManagedFields(old);
    FieldSet ignored = fields(resetFields);
    Comparison change = Comparison.of(schema, before, next).without(ignored);
    if (change.same() && managed == null) {
      putManagedFields(next, stored);
      return;
    }
    if (managed == null) {
      managed = storedOrEmpty(stored);
    }
    VersionedChange seen = new VersionedChange(apiVersion, change, before, next, ignored, versions);
    managed.release(seen::removedFrom, null);
    managed.release(seen::writtenTo, null);
    managed.take(change.written(), ManagedEntry.Id.update(manager, apiVersion, subresource), now);
    managed.capUpdaters();
    putManagedFields(next, managed.toTree());
  }

  /**
   * Server-side apply: merges {@code applied} into {@code live}, removes what the manager applied
   * before and nobody owns any more, and records ownership.
   *
   * @param live the stored object, null when there is none yet
   * @return the merged object, a new tree
   * @throws ApiException 409 with a cause for each field that others own and the configuration
   *     would change, unless {@code force}; 400 when the configuration carries managedFields; 500
   *     when it does not fit the schema
   */
  public static Map<String, Object> apply(
      Schema schema,
      @Nullable Map<String, Object> live,
      Map<String, Object> applied,
      String manager,
      boolean force,
      String apiVersion,
      @Nullable String subresource,
      Instant now,
      Set<List<String>> resetFields) {
    return apply(
        schema, live, applied, manager, force, apiVersion, subresource, now, resetFields, null);
  }

  /**
   * As the other, where fields have other places in other versions.
   *
   * @param versions null if they have not
   */
  public static Map<String, Object> apply(
      Schema schema,
      @Nullable Map<String, Object> live,
      Map<String, Object> applied,
      String manager,
      boolean force,
      String apiVersion,
      @Nullable String subresource,
      Instant now,
      Set<List<String>> resetFields,
      @Nullable FieldVersions versions) {
    if (Trees.get(applied, "metadata", "managedFields") != null) {
      throw ApiException.badRequest("metadata.managedFields must be nil");
    }
    refuseUnmergeable(schema, applied, apiVersion);
    Map<String, Object> before = live == null ? Map.of() : withoutManagedFields(live);
    FieldSet ignored = fields(resetFields);
    ManagedFields managed = decode(live);
    if (live != null && managed.isEmpty()) {
      FieldSet present = Comparison.of(schema, Map.of(), before).without(ignored).written();
      managed.take(
          present, ManagedEntry.Id.update(BEFORE_FIRST_APPLY, apiVersion, subresource), now);
    }

    ManagedEntry.Id applier = ManagedEntry.Id.apply(manager, subresource);
    ManagedEntry last = managed.get(applier);
    FieldSet owned = Extraction.of(schema, applied).recursiveDifference(ignored);
    managed.put(new ManagedEntry(applier, apiVersion, now, owned));
    Map<String, Object> merged = Merge.of(schema, before, applied);
    if (last != null) {
      merged = Pruning.of(schema, merged, last, managed, apiVersion, versions);
      if (!last.apiVersion().equals(apiVersion)) {
        // what was taken out in the version of last time may be applied again in this one
        merged = Merge.of(schema, merged, applied);
      }
    }

    Comparison change = Comparison.of(schema, before, merged);
    Comparison visible = change.without(ignored);
    VersionedChange seen =
        new VersionedChange(apiVersion, visible, before, merged, ignored, versions);
    ApplyConflicts conflicts = ApplyConflicts.find(managed, seen::writtenTo, applier);
    if (!conflicts.isEmpty() && !force) {
      if (live == null || !manager.equals(LastApplied.MANAGER)) {
        throw conflicts.toException();
      }
      ApplyConflicts rest = conflicts.without(LastApplied.unchangedFields(schema, before));
      if (!rest.isEmpty()) {
        throw rest.toException();
      }
    }
    managed.release(seen::writtenTo, applier);
    managed.release(seen::removedFrom, applier);
    FieldSet tracked = owned.difference(UntrackedFields.SET);
    if (last != null
        && change.same()
        && last.fields().equals(tracked)
        && last.apiVersion().equals(apiVersion)) {
      managed.put(last);
    } else {
      managed.put(new ManagedEntry(applier, apiVersion, now, tracked));
    }
    managed.dropEmpty();

    Map<String, Object> result = change.same() ? Trees.deepCopy(before) : merged;
    if (manager.equals(LastApplied.MANAGER)) {
      LastApplied.synchronise(result, applied);
    }
    putManagedFields(result, managed.toTree());
    return result;
  }

  /** What is wrong with metadata.managedFields; null if nothing is. */
  public static @Nullable String problem(@Nullable Object managedFields) {
    try {
      ManagedFields.readUntrusted(managedFields);
      return null;
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void refuseUnmergeable(
      Schema schema, Map<String, Object> applied, String apiVersion) {
    List<String> problems = AppliedConfiguration.problems(schema, applied);
    if (!problems.isEmpty()) {
      String what =
          problems.size() == 1
              ? problems.getFirst()
              : "errors:\n  " + String.join("\n  ", problems);
      throw ApiException.generic(
          500,
          "",
          "failed to create typed patch object (%s/%s; %s, Kind=%s): %s"
              .formatted(
                  Trees.stringOr(applied, "", "metadata", "namespace"),
                  Trees.stringOr(applied, "", "metadata", "name"),
                  apiVersion,
                  Trees.stringOr(applied, "", "kind"),
                  what));
    }
  }

  private static ManagedFields decode(@Nullable Map<String, Object> live) {
    try {
      return live == null
          ? new ManagedFields()
          : ManagedFields.readUntrusted(Trees.get(live, "metadata", "managedFields"));
    } catch (IllegalArgumentException e) {
      throw ApiException.generic(500, "", "failed to decode managed fields: " + e.getMessage());
    }
  }

  private static ManagedFields editedOrStored(List<?> sent, @Nullable Object stored) {
    if (sent.size() == 1 && sent.getFirst() instanceof Map<?, ?> entry && entry.isEmpty()) {
      return new ManagedFields();
    }
    try {
      ManagedFields edited = ManagedFields.readUntrusted(sent);
      return edited.isEmpty() ? storedOrEmpty(stored) : edited;
    } catch (IllegalArgumentException e) {
      return storedOrEmpty(stored);
    }
  }

  private static ManagedFields storedOrEmpty(@Nullable Object stored) {
    try {
      return ManagedFields.read(stored);
    } catch (IllegalArgumentException e) {
      return new ManagedFields();
    }
  }

  private static boolean isList(@Nullable Object value) {
    return value instanceof List<?> list && !list.isEmpty();
  }

  private static boolean noSubresource(@Nullable String subresource) {
    return subresource == null || subresource.isEmpty();
  }

  private static FieldSet fields(Set<List<String>> paths) {
    if (paths.isEmpty()) {
      return FieldSet.empty();
    }
    return FieldSet.of(
        paths.stream().map(path -> path.stream().map(PathElement::field).toList()).toList());
  }

  private static @Nullable Object takeManagedFields(Map<String, Object> object) {
    Map<String, Object> metadata = Trees.map(object, "metadata");
    return metadata == null ? null : metadata.remove("managedFields");
  }

  private static void putManagedFields(Map<String, Object> object, @Nullable Object list) {
    if (isList(list)) {
      Trees.set(object, list, "metadata", "managedFields");
    }
  }

  /** The object without its managedFields; shares everything else. */
  private static Map<String, Object> withoutManagedFields(Map<String, Object> object) {
    Map<String, Object> metadata = Trees.map(object, "metadata");
    if (metadata == null || !metadata.containsKey("managedFields")) {
      return object;
    }
    Map<String, Object> rest = new LinkedHashMap<>(metadata);
    rest.remove("managedFields");
    Map<String, Object> copy = new LinkedHashMap<>(object);
    copy.put("metadata", rest);
    return copy;
  }
}
