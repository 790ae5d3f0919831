package io.kubra.store;

import java.util.List;

/**
 * Receives the events of one watch, one call at a time, on a thread of the store.
 *
 * <p>Listeners must not block. A watch keeps no queue of its own: it reads the store's history, so
 * that a slow listener costs no memory; one that falls behind the compacted revision loses its
 * watch with a {@link CompactedException}. A listener that throws loses it as well.
 */
public interface WatchListener {

  /** Events in ascending order of revision; never empty. */
  void events(List<StoreEvent> batch);

  /** Everything up to this revision has been delivered, even if the range saw none of it. */
  default void progress(long revision) {}

  /** The watch has ended; no call follows. */
  void failed(StoreException e);
}
