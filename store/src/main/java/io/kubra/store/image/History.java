package io.kubra.store.image;

import io.kubra.store.StoreEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The newest events of a store without gaps, with a tree for every stretch of them, so that any
 * state in between can be had by applying a few events to a tree.
 *
 * <p>The last stretch has free slots, and histories of one line share it: appending fills a slot
 * that no published image reaches yet. Readers therefore never look beyond their image's revision.
 */
public final class History {
  private final Stretch[] stretches;

  private History(Stretch... stretches) {
    this.stretches = stretches;
  }

  /** Nothing is known but the state at one revision. */
  static History after(long revision, EntryTree tree, Instant now) {
    return new History(new Stretch(revision + 1, tree, now));
  }

  History append(StoreEvent event, EntryTree before, Instant now) {
    Stretch last = stretches[stretches.length - 1];
    if (event.revision() < last.end()) {
      last.set(event);
      return this;
    }
    Stretch next = new Stretch(event.revision(), before, now);
    next.set(event);
    return new History(Slots.insert(stretches, stretches.length, next));
  }

  History dropBefore(long revision) {
    int from = indexOf(revision);
    if (from == 0) {
      return this;
    }
    return new History(Arrays.copyOfRange(stretches, from, stretches.length));
  }

  EntryTree treeAt(long revision) {
    return stretches[indexOf(revision)].treeAt(revision);
  }

  List<StoreEvent> events(long after, long upTo, int limit) {
    if (after >= upTo) {
      return List.of();
    }
    long end = Math.min(upTo, after + limit) + 1;
    List<StoreEvent> out = new ArrayList<>((int) (end - after - 1));
    long at = after + 1;
    for (int i = indexOf(after); i < stretches.length && at < end; i++) {
      for (; at < end && at < stretches[i].end(); at++) {
        out.add(stretches[i].get(at));
      }
    }
    return out;
  }

  /** The revision before which the retention lets go; the oldest known one when it keeps all. */
  public long expiredBefore(Retention retention, Instant now) {
    Stretch last = stretches[stretches.length - 1];
    long bytes = 0;
    for (int i = stretches.length - 2; i >= 0; i--) {
      bytes += stretches[i].bytes();
      // a stretch ends when the next one begins
      boolean old = stretches[i + 1].begun().isBefore(now.minus(retention.age()));
      boolean many = last.first() - stretches[i].first() > retention.revisions();
      if (old || many || bytes > retention.bytes()) {
        return stretches[i + 1].first() - 1;
      }
    }
    return stretches[0].first() - 1;
  }

  /** How many stretches there are; when this grows, it is time to look at the retention. */
  public int length() {
    return stretches.length;
  }

  /** The stretch that can tell the state at a revision. */
  private int indexOf(long revision) {
    long distance = revision + 1 - stretches[0].first();
    return (int) Math.min(distance / Stretch.LENGTH, stretches.length - 1);
  }
}
