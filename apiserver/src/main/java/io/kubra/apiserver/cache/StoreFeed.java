package io.kubra.apiserver.cache;

import io.kubra.api.status.ApiException;
import io.kubra.store.CompactedException;
import io.kubra.store.Range;
import io.kubra.store.Store;
import io.kubra.store.StoreClosedException;
import io.kubra.store.StoreEvent;
import io.kubra.store.StoreException;
import io.kubra.store.Watch;
import io.kubra.store.WatchListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the whole store with one watch and hands each event to the cache of its resource. Because
 * it sees every revision, its own revision tells how current all caches are, also those of
 * resources that nothing happens to.
 */
public final class StoreFeed implements AutoCloseable {
  /** The prefix of all keys. */
  public static final String ROOT = "/registry/";

  private static final String ROOT_END = "/registry0";
  private static final long WAIT_SECONDS = 3;
  private static final Logger log = LoggerFactory.getLogger(StoreFeed.class);

  private final Store store;
  private final StoreHistory history;
  private final Map<String, ResourceCache> caches = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition queued = lock.newCondition();
  private final Condition advanced = lock.newCondition();
  private List<StoreEvent> incoming = new ArrayList<>();
  private long incomingRevision;
  private volatile boolean closed;
  private volatile long revision;
  private volatile Watch watch;
  private final Thread feeder;

  /** Begins to follow the store from its present revision on. */
  public StoreFeed(Store store) {
    this.store = store;
    this.history = new StoreHistory(store);
    revision = store.revision();
    incomingRevision = revision;
    feeder = Thread.ofPlatform().name("store-feed").daemon().unstarted(this::run);
    watch = store.watch(ROOT, ROOT_END, revision, new Listener());
    feeder.start();
  }

  /**
   * The cache under a prefix such as {@code /registry/core/pods/}; read from the store on first
   * use.
   */
  public ResourceCache cache(String prefix, ObjectIndexer indexer) {
    ResourceCache existing = caches.get(prefix);
    if (existing != null) {
      return existing.awaitReady();
    }
    ResourceCache created = new ResourceCache(prefix, indexer, this);
    // registered before the range is read: events from then on are kept until it is there
    ResourceCache other = caches.putIfAbsent(prefix, created);
    if (other != null) {
      return other.awaitReady();
    }
    try {
      if (closed) {
        throw shuttingDown();
      }
      Range range = store.range(prefix, endOf(prefix), 0, 0);
      created.initialise(range.entries(), range.revision());
      return created;
    } catch (RuntimeException e) {
      // the next request reads again; who waits for this read fails with it
      caches.remove(prefix, created);
      created.fail();
      throw e;
    }
  }

  /** Whether there is a cache under the prefix, which will see what is written from now on. */
  public boolean isCached(String prefix) {
    return caches.containsKey(prefix);
  }

  /**
   * Drops the cache under a prefix and ends its watches; it is read anew when it is next asked for.
   */
  public void forget(String prefix) {
    ResourceCache dropped = caches.remove(prefix);
    if (dropped != null) {
      dropped.drop();
    }
  }

  /** Whether the server ends; nothing is cached any more. */
  public boolean isClosed() {
    return closed;
  }

  /** The smallest key after all keys that begin with the prefix. */
  public static String endOf(String prefix) {
    int last = prefix.length() - 1;
    return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
  }

  /** The revision up to which all caches are current. */
  public long revision() {
    return revision;
  }

  /** What the store still knows of the past. */
  StoreHistory history() {
    return history;
  }

  /** The store's revision. */
  public long storeRevision() {
    return store.revision();
  }

  /** Waits until everything that the store has now is applied. */
  public void awaitStore() {
    await(store.revision());
  }

  /**
   * Waits until a revision is applied.
   *
   * @throws ApiException 504 if it is in the future for too long
   */
  public void await(long wanted) {
    if (revision >= wanted) {
      return;
    }
    long left = TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    lock.lock();
    try {
      while (revision < wanted) {
        if (closed) {
          throw shuttingDown();
        }
        if (left <= 0) {
          throw TooLarge.exception(wanted, revision);
        }
        left = advanced.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.internal("interrupted while waiting for the watch cache");
    } finally {
      lock.unlock();
    }
  }

  private static ApiException shuttingDown() {
    return ApiException.serviceUnavailable("the server is shutting down");
  }

  private void run() {
    while (true) {
      List<StoreEvent> batch;
      long upTo;
      lock.lock();
      try {
        while (incoming.isEmpty() && incomingRevision <= revision && !closed) {
          queued.awaitUninterruptibly();
        }
        if (closed) {
          return;
        }
        batch = incoming;
        incoming = new ArrayList<>();
        upTo = incomingRevision;
      } finally {
        lock.unlock();
      }
      for (StoreEvent event : batch) {
        apply(event);
      }
      lock.lock();
      try {
        revision = Math.max(revision, upTo);
        advanced.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Follows the store again after its watch failed, without a gap if that is possible. */
  private void resume() {
    boolean lost = false;
    while (true) {
      long from;
      lock.lock();
      try {
        if (closed) {
          return;
        }
        from = incomingRevision;
      } finally {
        lock.unlock();
      }
      try {
        if (lost) {
          startOver();
          lost = false;
          continue;
        }
        watch = store.watch(ROOT, ROOT_END, from, new Listener());
        return;
      } catch (CompactedException e) {
        lost = true;
      } catch (StoreClosedException e) {
        return;
      } catch (StoreException e) {
        log.warn("cannot follow the store yet: {}", e.getMessage());
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      }
    }
  }

  /** Forgets everything: events were lost, so clients have to list again. */
  private void startOver() {
    lock.lock();
    try {
      incoming = new ArrayList<>();
      incomingRevision = store.revision();
      Map<String, ResourceCache> stale = Map.copyOf(caches);
      caches.clear();
      stale.values().forEach(ResourceCache::drop);
      queued.signal();
    } finally {
      lock.unlock();
    }
  }

  private void apply(StoreEvent event) {
    String key =
        switch (event) {
          case StoreEvent.Put put -> put.entry().key();
          case StoreEvent.Delete delete -> delete.key();
        };
    ResourceCache cache = caches.get(prefixOf(key));
    if (cache == null) {
      return;
    }
    try {
      cache.apply(event);
    } catch (RuntimeException e) {
      // a cache that missed an event is wrong from now on: clients list again
      log.error(
          "cannot apply revision {} of {}: its resource is read anew", event.revision(), key, e);
      forget(cache.prefix());
    }
  }

  /** {@code /registry/group/resource/} of a key. */
  private static String prefixOf(String key) {
    int group = key.indexOf('/', ROOT.length());
    int resource = group < 0 ? -1 : key.indexOf('/', group + 1);
    return resource < 0 ? key : key.substring(0, resource + 1);
  }

  @Override
  public void close() {
    watch.close();
    lock.lock();
    try {
      closed = true;
      queued.signalAll();
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
    history.close();
    caches.values().forEach(ResourceCache::drop);
  }

  private final class Listener implements WatchListener {
    @Override
    public void events(List<StoreEvent> batch) {
      add(batch, batch.getLast().revision());
    }

    @Override
    public void progress(long to) {
      add(List.of(), to);
    }

    @Override
    public void failed(StoreException e) {
      log.warn("the watch on the store ended: {}", e.getMessage());
      Thread.ofVirtual().name("store-feed-resume").start(StoreFeed.this::resume);
    }

    private void add(List<StoreEvent> batch, long to) {
      lock.lock();
      try {
        incoming.addAll(batch);
        incomingRevision = Math.max(incomingRevision, to);
        queued.signal();
      } finally {
        lock.unlock();
      }
    }
  }
}
