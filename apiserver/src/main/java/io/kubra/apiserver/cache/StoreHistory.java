package io.kubra.apiserver.cache;

import io.kubra.api.status.ApiException;
import io.kubra.store.CompactedException;
import io.kubra.store.Entry;
import io.kubra.store.Store;
import io.kubra.store.StoreEvent;
import io.kubra.store.StoreException;
import io.kubra.store.Watch;
import io.kubra.store.WatchListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The past beyond the caches' windows, read from the store: for clients that resume after the
 * server was restarted, or ask for a resource that nobody else has asked for yet.
 */
final class StoreHistory {
  private final Store store;
  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  StoreHistory(Store store) {
    this.store = store;
  }

  /** All objects under a prefix at a revision; null if that has been compacted. */
  @Nullable Snapshot snapshot(String prefix, ObjectIndexer indexer, long revision) {
    try {
      SortedTree<StoredObject> tree = SortedTree.empty();
      for (Entry e : store.range(prefix, StoreFeed.endOf(prefix), 0, revision).entries()) {
        tree = tree.put(e.key(), indexer.decode(e));
      }
      return new Snapshot(revision, tree);
    } catch (CompactedException e) {
      return null;
    }
  }

  /**
   * Watches what happens after a revision, with a watch of its own on the store.
   *
   * @throws ApiException 410 if events after it have been compacted
   */
  Watcher watch(String prefix, ObjectFilter filter, ObjectIndexer indexer, long revision) {
    AtomicLong delivered = new AtomicLong(revision);
    AtomicReference<@Nullable Watch> running = new AtomicReference<>();
    Watcher watcher =
        new Watcher(
            prefix,
            filter,
            w -> {
              watchers.remove(w);
              Watch watch = running.getAndSet(null);
              if (watch != null) {
                watch.close();
              }
            },
            delivered::get);
    watchers.add(watcher);
    try {
      running.set(
          store.watch(
              prefix, StoreFeed.endOf(prefix), revision, new Replay(watcher, indexer, delivered)));
    } catch (CompactedException e) {
      watcher.close();
      throw ApiException.expired(
          "too old resource version: " + revision + " (" + store.compactRevision() + ")");
    } catch (StoreException e) {
      watcher.close();
      throw e;
    }
    if (closed) {
      watcher.close();
    }
    return watcher;
  }

  /** Ends all watches, and at once those that are still asked for. */
  void close() {
    closed = true;
    watchers.forEach(Watcher::close);
  }

  /** Hands the store's events to one watcher. */
  private record Replay(Watcher watcher, ObjectIndexer indexer, AtomicLong delivered)
      implements WatchListener {
    @Override
    public void events(List<StoreEvent> batch) {
      for (StoreEvent event : batch) {
        watcher.offer(change(event));
        delivered.set(event.revision());
      }
    }

    @Override
    public void progress(long revision) {
      delivered.accumulateAndGet(revision, Math::max);
    }

    @Override
    public void failed(StoreException e) {
      watcher.close();
    }

    private CacheEvent change(StoreEvent event) {
      return switch (event) {
        case StoreEvent.Put(Entry entry, Entry previous) ->
            new CacheEvent(
                entry.modRevision(),
                indexer.decode(entry),
                previous == null ? null : indexer.decode(previous),
                SortedTree.empty());
        case StoreEvent.Delete(String key, long revision, Entry previous) ->
            new CacheEvent(revision, null, indexer.decode(previous), SortedTree.empty());
      };
    }
  }
}
