package io.kubra.apiserver.storage;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.storage.DeleteOptions.Propagation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides what a delete does to an object: nothing, mark it, or remove it. */
final class Deletions {
  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";

  private Deletions() {}

  /** What has to be done. */
  enum Outcome {
    /** The object is on its way out already. */
    UNCHANGED,
    /** The object stays, with a deletionTimestamp (already set in the tree). */
    MARKED,
    /** The object goes now. */
    REMOVE
  }

  /** Applies a delete to the object, in place. */
  static Outcome apply(
      ServedResource r, Map<String, Object> object, DeleteOptions options, Instant now) {
    Map<String, Object> metadata = Trees.ensureMap(object, "metadata");
    boolean deleting = metadata.get("deletionTimestamp") != null;
    if (!deleting) {
      r.rules().prepareForDelete(object, now);
    }
    boolean changed = setFinalizers(metadata, options.propagation());
    boolean pending = hasFinalizers(r, object);
    long grace = grace(r.rules(), object, options, deleting, metadata);
    if (grace > 0) {
      Long current = Trees.integer(metadata, "deletionGracePeriodSeconds");
      if (deleting && current != null && grace >= current) {
        return changed ? Outcome.MARKED : Outcome.UNCHANGED;
      }
      mark(metadata, deleting ? reduced(metadata, current, grace) : now.plusSeconds(grace), grace);
      return Outcome.MARKED;
    }
    if (!pending) {
      return Outcome.REMOVE;
    }
    Long current = Trees.integer(metadata, "deletionGracePeriodSeconds");
    if (!deleting) {
      mark(metadata, now, 0);
      markNamespace(r, object);
      return Outcome.MARKED;
    }
    if (current != null && current > 0) {
      metadata.put("deletionGracePeriodSeconds", 0L);
      return Outcome.MARKED;
    }
    return changed ? Outcome.MARKED : Outcome.UNCHANGED;
  }

  /** Whether an updated object has nothing left that keeps it from going. */
  static boolean isComplete(ServedResource r, Map<String, Object> object) {
    if (Trees.get(object, "metadata", "deletionTimestamp") == null || hasFinalizers(r, object)) {
      return false;
    }
    Long grace = Trees.integer(object, "metadata", "deletionGracePeriodSeconds");
    return grace == null || grace == 0;
  }

  private static boolean hasFinalizers(ServedResource r, Map<String, Object> object) {
    return !Trees.list(object, "metadata", "finalizers").isEmpty()
        || (isNamespace(r) && !Trees.list(object, "spec", "finalizers").isEmpty());
  }

  private static boolean isNamespace(ServedResource r) {
    return r.resource().equals("namespaces") && r.group().isEmpty();
  }

  private static void markNamespace(ServedResource r, Map<String, Object> object) {
    if (isNamespace(r)) {
      Trees.set(object, "Terminating", "status", "phase");
    }
  }

  private static long grace(
      KindRules rules,
      Map<String, Object> object,
      DeleteOptions options,
      boolean deleting,
      Map<String, Object> metadata) {
    Long current = Trees.integer(metadata, "deletionGracePeriodSeconds");
    Long asked = options.gracePeriodSeconds();
    if (deleting && current != null && current > 0 && asked == null) {
      return current;
    }
    long byDefault = rules.defaultGracePeriodSeconds(object);
    if (byDefault == 0) {
      return 0;
    }
    if (asked == null) {
      return byDefault;
    }
    return asked < 0 ? 1 : asked;
  }

  private static Instant reduced(Map<String, Object> metadata, @Nullable Long current, long grace) {
    Instant planned = Instant.parse(Trees.stringOr(metadata, "", "deletionTimestamp"));
    return planned.minusSeconds(current == null ? 0 : current - grace);
  }

  private static void mark(Map<String, Object> metadata, Instant when, long grace) {
    metadata.put("deletionTimestamp", Times.format(when));
    metadata.put("deletionGracePeriodSeconds", grace);
    Long generation = Trees.integer(metadata, "generation");
    if (generation != null && generation > 0) {
      metadata.put("generation", generation + 1);
    }
  }

  /** Adds or removes the garbage collector's finalizers; returns whether the list changed. */
  private static boolean setFinalizers(
      Map<String, Object> metadata, @Nullable Propagation propagation) {
    if (propagation == null) {
      return false;
    }
    List<Object> before = Trees.list(metadata, "finalizers");
    List<Object> after = new ArrayList<>(before);
    after.remove(ORPHAN);
    after.remove(FOREGROUND);
    switch (propagation) {
      case ORPHAN -> after.add(ORPHAN);
      case FOREGROUND -> after.add(FOREGROUND);
      case BACKGROUND -> {}
    }
    if (after.isEmpty()) {
      metadata.remove("finalizers");
    } else {
      metadata.put("finalizers", after);
    }
    return !after.equals(before);
  }
}
