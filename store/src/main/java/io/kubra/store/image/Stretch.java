package io.kubra.store.image;

import io.kubra.store.Entry;
import io.kubra.store.StoreEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A fixed number of consecutive events and the tree before the first of them. */
final class Stretch {
  /** Few enough to apply quickly, many enough that the trees between them weigh little. */
  static final int LENGTH = 128;

  /** What an event and its entry take besides key and value, roughly. */
  private static final int OVERHEAD = 160;

  private final long first;
  private final EntryTree before;
  private final Instant begun;
  private final @Nullable StoreEvent[] events = new StoreEvent[LENGTH];
  private volatile long bytes;

  Stretch(long first, EntryTree before, Instant begun) {
    this.first = first;
    this.before = before;
    this.begun = begun;
  }

  /** The revision of the first event. */
  long first() {
    return first;
  }

  /** The revision after that of the last event that fits. */
  long end() {
    return first + LENGTH;
  }

  Instant begun() {
    return begun;
  }

  void set(StoreEvent event) {
    events[(int) (event.revision() - first)] = event;
  }

  StoreEvent get(long revision) {
    StoreEvent event = events[(int) (revision - first)];
    if (event == null) {
      throw new IllegalStateException("revision " + revision + " is not published");
    }
    return event;
  }

  EntryTree treeAt(long revision) {
    EntryTree tree = before;
    for (long at = first; at <= revision; at++) {
      tree =
          switch (get(at)) {
            case StoreEvent.Put put -> tree.with(put.entry());
            case StoreEvent.Delete delete -> tree.without(delete.key());
          };
    }
    return tree;
  }

  /** How much memory the events hold on to, roughly; only asked of a full stretch. */
  long bytes() {
    long known = bytes;
    if (known == 0) {
      for (StoreEvent event : events) {
        known += OVERHEAD + (event == null ? 0 : valueOf(event).value().length);
      }
      bytes = known;
    }
    return known;
  }

  private static Entry valueOf(StoreEvent event) {
    return switch (event) {
      case StoreEvent.Put put -> put.entry();
      case StoreEvent.Delete delete -> delete.previous();
    };
  }
}
