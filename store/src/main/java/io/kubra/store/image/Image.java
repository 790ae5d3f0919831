package io.kubra.store.image;

import io.kubra.store.CompactedException;
import io.kubra.store.Entry;
import io.kubra.store.FutureRevisionException;
import io.kubra.store.Range;
import io.kubra.store.StoreEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a store knows at one revision.
 *
 * <p>Images form one line: only the newest may be the base of the next, and whoever keeps that line
 * publishes an image safely (through a volatile field) before others read it. An image that was
 * made but never published may be thrown away and its base be used again.
 *
 * @param tree the entries
 * @param revision the revision of the last event
 * @param compactRevision the oldest revision that can be read
 * @param history the events after {@code compactRevision}, perhaps some more
 */
public record Image(EntryTree tree, long revision, long compactRevision, History history) {

  /** The revision of a store that nothing was ever written to. */
  public static final long FIRST_REVISION = 1;

  /** A store that nothing was ever written to. */
  public static Image empty(Instant now) {
    return of(EntryTree.EMPTY, FIRST_REVISION, now);
  }

  /** A state without a past. */
  public static Image of(EntryTree tree, long revision, Instant now) {
    return new Image(tree, revision, revision, History.after(revision, tree, now));
  }

  /** The image after one more event, which must carry the next revision. */
  public Image apply(StoreEvent event, Instant now) {
    if (event.revision() != revision + 1) {
      throw new IllegalArgumentException(
          "revision " + event.revision() + " cannot follow " + revision);
    }
    EntryTree next =
        switch (event) {
          case StoreEvent.Put put -> tree.with(put.entry());
          case StoreEvent.Delete delete -> tree.without(delete.key());
        };
    return new Image(next, revision + 1, compactRevision, history.append(event, tree, now));
  }

  /** The same state under a later revision; what led to it is forgotten. */
  public Image jumpTo(long later, Instant now) {
    return of(tree, later, now);
  }

  /** The image without the states before a revision; this one if they are forgotten already. */
  public Image compact(long before) {
    if (before <= compactRevision) {
      return this;
    }
    if (before > revision) {
      throw new FutureRevisionException(before, revision);
    }
    return new Image(tree, revision, before, history.dropBefore(before));
  }

  /** The entry under a key, or null. */
  public @Nullable Entry get(String key) {
    return tree.get(key);
  }

  /** Reads a range at a revision; see {@link io.kubra.store.Store#range}. */
  public Range range(String start, String end, int limit, long wanted) {
    EntryTree state = at(wanted);
    List<Entry> entries = state.range(start, end, limit == 0 ? Integer.MAX_VALUE : limit);
    boolean all = limit == 0 || entries.size() < limit;
    long count = all ? entries.size() : state.count(start, end);
    return new Range(entries, wanted == 0 ? revision : wanted, count, count > entries.size());
  }

  /**
   * Events of revisions greater than {@code after}, in order, at most {@code limit}.
   *
   * @throws CompactedException when {@code after} is older than {@link #compactRevision()}
   */
  public List<StoreEvent> eventsAfter(long after, int limit) {
    requireKept(after);
    return history.events(after, revision, limit);
  }

  /**
   * Checks that events after a revision are known.
   *
   * @throws CompactedException when they are not
   */
  public void requireKept(long after) {
    if (after < compactRevision) {
      throw new CompactedException(after, compactRevision);
    }
  }

  private EntryTree at(long wanted) {
    if (wanted == 0 || wanted == revision) {
      return tree;
    }
    if (wanted > revision) {
      throw new FutureRevisionException(wanted, revision);
    }
    requireKept(wanted);
    return history.treeAt(wanted);
  }
}
