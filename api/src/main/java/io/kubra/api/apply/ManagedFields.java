package io.kubra.api.apply;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The managers of one object and what each of them owns. */
final class ManagedFields {
  static final int MOST_UPDATERS = 10;
  private static final String OLD_UPDATES = "ancient-changes";

  private final Map<ManagedEntry.Id, ManagedEntry> entries = new LinkedHashMap<>();

  /**
   * Reads metadata.managedFields as stored.
   *
   * @throws IllegalArgumentException when an entry is malformed
   */
  static ManagedFields read(@Nullable Object list) {
    ManagedFields managed = new ManagedFields();
    if (list instanceof List<?> items) {
      for (Object item : items) {
        managed.put(ManagedEntry.read(item));
      }
    }
    return managed;
  }

  /**
   * Reads metadata.managedFields as a client sent it, checking and normalising every field set.
   *
   * @throws IllegalArgumentException when an entry is malformed
   */
  static ManagedFields readUntrusted(@Nullable Object list) {
    ManagedFields managed = read(list);
    managed.entries.replaceAll((_, entry) -> entry.withFields(entry.fields()));
    managed.dropEmpty();
    return managed;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  Collection<ManagedEntry> entries() {
    return entries.values();
  }

  @Nullable ManagedEntry get(ManagedEntry.Id id) {
    return entries.get(id);
  }

  void put(ManagedEntry entry) {
    entries.put(entry.id(), entry);
  }

  void remove(ManagedEntry.Id id) {
    entries.remove(id);
  }

  /** Takes from every manager but one the paths that it is to lose. */
  void release(Function<ManagedEntry, FieldSet> lost, ManagedEntry.@Nullable Id except) {
    entries.replaceAll(
        (id, entry) -> {
          if (id.equals(except)) {
            return entry;
          }
          FieldSet paths = lost.apply(entry);
          return paths.isEmpty() || !entry.overlaps(paths)
              ? entry
              : entry.withFields(entry.fields().difference(paths));
        });
  }

  void dropEmpty() {
    entries.values().removeIf(entry -> entry.isEmpty());
  }

  /**
   * Records that a manager wrote these paths by an update: it gains them, and its time moves on.
   * Others have lost them before.
   */
  void take(FieldSet written, ManagedEntry.Id id, Instant now) {
    FieldSet owned = written.difference(UntrackedFields.SET);
    if (!owned.isEmpty()) {
      ManagedEntry previous = entries.get(id);
      FieldSet all = previous == null ? owned : previous.fields().union(owned);
      put(new ManagedEntry(id, id.apiVersion(), now, all));
    }
    dropEmpty();
  }

  /** Folds the oldest updaters into one entry per version once there are too many of them. */
  void capUpdaters() {
    List<ManagedEntry> updaters =
        new ArrayList<>(entries.values().stream().filter(e -> !e.id().applier()).toList());
    int count = updaters.size();
    if (count <= MOST_UPDATERS) {
      return;
    }
    updaters.sort(Comparator.comparing(ManagedEntry::time).thenComparing(e -> e.id().toString()));
    Map<String, ManagedEntry> first = new HashMap<>();
    for (ManagedEntry updater : updaters) {
      if (count <= MOST_UPDATERS) {
        return;
      }
      ManagedEntry.Id bucket = ManagedEntry.Id.update(OLD_UPDATES, updater.apiVersion(), null);
      ManagedEntry start = first.putIfAbsent(updater.apiVersion(), updater);
      if (start == null) {
        continue;
      }
      ManagedEntry gathered = entries.get(bucket);
      if (gathered == null) {
        gathered = start;
        entries.remove(start.id());
      }
      entries.remove(updater.id());
      FieldSet all = updater.fields().union(gathered.fields());
      Instant time = updater.time().isEmpty() ? Instant.EPOCH : Instant.parse(updater.time());
      put(new ManagedEntry(bucket, updater.apiVersion(), time, all));
      count--;
    }
  }

  /** The list to store. */
  List<Object> toTree() {
    List<Object> list = new ArrayList<>(entries.size());
    entries.values().stream().sorted(ManagedEntry.ORDER).forEach(e -> list.add(e.toTree()));
    return list;
  }
}
