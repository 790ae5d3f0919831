package io.kubra.apiserver.cache;

import io.kubra.api.status.ApiException;
import io.kubra.store.Entry;
import io.kubra.store.StoreEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The cache of one resource: the current snapshot, a window of recent events, and the watchers.
 * Applied to by the feeder only; read by anyone without locks. The lock orders the registration of
 * watchers with the events.
 */
public final class ResourceCache {
  private static final int WINDOW = 4096;

  private final String prefix;
  private final ObjectIndexer indexer;
  private final StoreFeed feed;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<CacheEvent> window = new ArrayDeque<>();
  private final CopyOnWriteArrayList<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final CountDownLatch ready = new CountDownLatch(1);
  private volatile boolean failed;
  private @Nullable List<StoreEvent> early = new ArrayList<>();
  private boolean dropped;
  private SortedTree<StoredObject> windowStart = SortedTree.empty();
  private long windowStartRevision;
  private volatile SortedTree<StoredObject> current = SortedTree.empty();
  private volatile long lastRevision;

  ResourceCache(String prefix, ObjectIndexer indexer, StoreFeed feed) {
    this.prefix = prefix;
    this.indexer = indexer;
    this.feed = feed;
  }

  /** The prefix of the keys of this resource. */
  public String prefix() {
    return prefix;
  }

  public ObjectIndexer indexer() {
    return indexer;
  }

  /** Fills the cache from a range read at a revision, then with what happened meanwhile. */
  void initialise(List<Entry> entries, long revision) {
    SortedTree<StoredObject> tree = SortedTree.empty();
    for (Entry e : entries) {
      tree = tree.put(e.key(), indexer.fromStore(e.key(), e.value(), e.modRevision()));
    }
    lock.lock();
    try {
      current = tree;
      windowStart = tree;
      windowStartRevision = revision;
      lastRevision = revision;
      List<StoreEvent> buffered = early;
      early = null;
      if (buffered != null) {
        buffered.stream().filter(e -> e.revision() > revision).forEach(this::applyNow);
      }
    } finally {
      lock.unlock();
    }
    ready.countDown();
  }

  /** Gives up filling the cache, which ends the waiting of others. */
  void fail() {
    failed = true;
    ready.countDown();
  }

  /**
   * Waits until another thread has filled the cache.
   *
   * @throws ApiException 500 when that thread could not read the store
   */
  ResourceCache awaitReady() {
    try {
      ready.await();
      if (failed) {
        throw ApiException.internal("the store could not be read");
      }
      return this;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.internal("interrupted while the watch cache was filled");
    }
  }

  /** Applies one event; called by the feeder in order. */
  void apply(StoreEvent event) {
    lock.lock();
    try {
      if (early != null) {
        early.add(event);
      } else if (event.revision() > lastRevision) {
        applyNow(event);
      }
    } finally {
      lock.unlock();
    }
  }

  private void applyNow(StoreEvent event) {
    CacheEvent change =
        switch (event) {
          case StoreEvent.Put(Entry entry, Entry ignored) -> {
            StoredObject object =
                indexer.fromStore(entry.key(), entry.value(), entry.modRevision());
            StoredObject previous = current.get(entry.key());
            yield new CacheEvent(
                entry.modRevision(), object, previous, current.put(entry.key(), object));
          }
          case StoreEvent.Delete(String key, long revision, Entry ignored) ->
              new CacheEvent(revision, null, current.get(key), current.remove(key));
        };
    window.add(change);
    if (window.size() > WINDOW) {
      CacheEvent oldest = window.removeFirst();
      windowStart = oldest.after();
      windowStartRevision = oldest.revision();
    }
    current = change.after();
    lastRevision = change.revision();
    for (Watcher w : watchers) {
      w.offer(change);
    }
  }

  /**
   * All objects now: the state includes every write acknowledged before this call.
   *
   * @throws ApiException 504 when the cache does not catch up in time
   */
  public Snapshot consistent() {
    feed.awaitStore();
    return atLeastApplied();
  }

  /** All objects as far as they are known, possibly behind the store. */
  public Snapshot any() {
    return atLeastApplied();
  }

  /** All objects at this revision or a later one. */
  public Snapshot notOlderThan(long revision) {
    feed.await(revision);
    return atLeastApplied();
  }

  private Snapshot atLeastApplied() {
    // the feed's revision is read first: whatever it covers is in the tree read afterwards; a tree
    // that is newer than the revision says so by its last event
    lock.lock();
    try {
      requireFed();
      return new Snapshot(Math.max(feed.revision(), lastRevision), current);
    } finally {
      lock.unlock();
    }
  }

  /** All objects at exactly this revision, or null if that is no longer known. */
  public @Nullable Snapshot exactly(long revision) {
    Snapshot recent = inWindow(revision);
    return recent != null ? recent : feed.history().snapshot(prefix, indexer, revision);
  }

  private @Nullable Snapshot inWindow(long revision) {
    feed.await(revision);
    lock.lock();
    try {
      requireFed();
      if (revision >= lastRevision) {
        return new Snapshot(revision, current);
      }
      if (revision < windowStartRevision) {
        return null;
      }
      SortedTree<StoredObject> tree = windowStart;
      for (CacheEvent e : window) {
        if (e.revision() > revision) {
          break;
        }
        tree = e.after();
      }
      return new Snapshot(revision, tree);
    } finally {
      lock.unlock();
    }
  }

  /** A watch and what it begins with. */
  public record Subscription(Snapshot initial, Watcher watcher) {}

  /**
   * Watches from the state that exists now (all objects under the prefix are returned) on.
   *
   * @param minimum the revision that the initial state has to include; 0 for any
   */
  public Subscription watchFromNow(String keyPrefix, ObjectFilter filter, long minimum) {
    feed.await(minimum);
    Watcher watcher = new Watcher(keyPrefix, filter, watchers::remove, feed::revision);
    lock.lock();
    try {
      requireFed();
      watchers.add(watcher);
      return new Subscription(
          new Snapshot(Math.max(feed.revision(), lastRevision), current), watcher);
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #watchFromNow} with an initial state that includes every acknowledged write. */
  public Subscription watchConsistently(String keyPrefix, ObjectFilter filter) {
    return watchFromNow(keyPrefix, filter, feed.storeRevision());
  }

  /**
   * Watches what happens after a revision; what is older than the window comes from the store.
   *
   * @throws ApiException 410 if events after it are no longer known
   */
  public Watcher watchAfter(String keyPrefix, ObjectFilter filter, long revision) {
    Watcher recent = watchInWindow(keyPrefix, filter, revision);
    return recent != null ? recent : feed.history().watch(keyPrefix, filter, indexer, revision);
  }

  private @Nullable Watcher watchInWindow(String keyPrefix, ObjectFilter filter, long revision) {
    Watcher watcher = new Watcher(keyPrefix, filter, watchers::remove, feed::revision);
    lock.lock();
    try {
      requireFed();
      if (revision < windowStartRevision) {
        return null;
      }
      for (CacheEvent e : window) {
        if (e.revision() > revision) {
          watcher.offer(e);
        }
      }
      watchers.add(watcher);
      return watcher;
    } finally {
      lock.unlock();
    }
  }

  /** The number of open watches. */
  public int watcherCount() {
    return watchers.size();
  }

  /** Ends the watches and refuses all further use, because no events come here any more. */
  void drop() {
    lock.lock();
    try {
      dropped = true;
      watchers.forEach(Watcher::close);
    } finally {
      lock.unlock();
    }
  }

  private void requireFed() {
    if (dropped) {
      throw ApiException.timeout("the watch cache is being rebuilt, try again", 1);
    }
  }

  /** How many objects lie under a prefix now. */
  public int count(String prefix) {
    return current.count(prefix, StoreFeed.endOf(prefix));
  }
}
