package io.kubra.client.informer;

import io.kubra.api.status.ApiException;
import io.kubra.client.ListOptions;
import io.kubra.client.ObjectList;
import io.kubra.client.ResourceClient;
import io.kubra.client.WatchEvent;
import io.kubra.client.WatchStream;
import io.kubra.model.KubernetesObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a local copy of a resource by one list and then a watch that is renewed for ever: from the
 * last version seen when the connection breaks, from a new list when the server no longer knows
 * that version.
 */
public final class SharedInformer<T extends KubernetesObject> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SharedInformer.class);
  private static final int WATCH_SECONDS_LEAST = 300;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;
  private static final int PAGE = 5000;
  private static final Duration KEEP_AFTER = Duration.ofSeconds(1);

  private final ResourceClient<T> client;
  private final String namespace;
  private final ListOptions options;
  private final ObjectCache<T> cache = new ObjectCache<>();
  private final List<EventHandler<T>> handlers = new CopyOnWriteArrayList<>();
  private final CountDownLatch synced = new CountDownLatch(1);
  private final CountDownLatch known = new CountDownLatch(1);
  private final Semaphore changed = new Semaphore(0);
  // Orders a handler's first look at the cache with the events that follow.
  private final ReentrantLock dispatch = new ReentrantLock();
  private @Nullable ObjectFile<T> file;
  private UnaryOperator<List<T>> recall = UnaryOperator.identity();
  private volatile @Nullable Thread thread;
  private volatile @Nullable Thread writer;
  private volatile @Nullable WatchStream<T> stream;
  private volatile boolean closed;
  private String resourceVersion = "";

  /**
   * An informer that {@link #start} sets going.
   *
   * @param namespace the namespace to follow, empty for all
   * @param options label and field selectors
   */
  public SharedInformer(ResourceClient<T> client, String namespace, ListOptions options) {
    this.client = client;
    this.namespace = namespace;
    this.options = options;
  }

  /** Adds an index; objects are found by {@link #byIndex} under each value the function gives. */
  public SharedInformer<T> index(String name, Function<T, ? extends Collection<String>> values) {
    cache.addIndex(name, values);
    return this;
  }

  /**
   * Keeps the objects in a file as well. When the server cannot be reached at the start, those of
   * the file are known until it can be; then the list replaces them.
   *
   * @param recalled which of the file's objects still count
   */
  public SharedInformer<T> remember(Path where, UnaryOperator<List<T>> recalled) {
    file = new ObjectFile<>(where, client.type());
    recall = recalled;
    return this;
  }

  /** Adds a handler; it is told at once of all objects already known. */
  public void addHandler(EventHandler<T> handler) {
    dispatch.lock();
    try {
      cache.list().forEach(handler::onAdd);
      handlers.add(handler);
    } finally {
      dispatch.unlock();
    }
  }

  /** Starts following; does nothing if already started. */
  public synchronized void start() {
    if (thread == null && !closed) {
      thread = Thread.ofVirtual().name("informer-" + client.type().plural()).start(this::run);
      if (file != null) {
        writer = Thread.ofVirtual().name("remember-" + client.type().plural()).start(this::keep);
      }
    }
  }

  /** Whether the first list has arrived. */
  public boolean hasSynced() {
    return synced.getCount() == 0;
  }

  /** Whether objects are known: from the first list, or {@linkplain #remember from before}. */
  public boolean known() {
    return known.getCount() == 0;
  }

  /** Waits until objects are known; false if they were not in time. */
  public boolean awaitKnown(Duration timeout) throws InterruptedException {
    return known.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits for the first list; false if it did not come in time. */
  public boolean awaitSynced(Duration timeout) throws InterruptedException {
    return synced.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One object by namespace (empty for cluster-scoped ones) and name. */
  public @Nullable T get(String namespace, String name) {
    return cache.get(namespace.isEmpty() ? name : namespace + "/" + name);
  }

  /** One object by its key. */
  public @Nullable T getByKey(String key) {
    return cache.get(key);
  }

  /** All objects, in no order. */
  public List<T> list() {
    return cache.list();
  }

  /** All objects of a namespace. */
  public List<T> list(String namespace) {
    return cache.byIndex(ObjectCache.BY_NAMESPACE, namespace);
  }

  /** The objects that an index holds under a value. */
  public List<T> byIndex(String index, String value) {
    return cache.byIndex(index, value);
  }

  private void run() {
    long pause = 0;
    while (!closed) {
      try {
        if (pause > 0) {
          Thread.sleep(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
        }
        if (resourceVersion.isEmpty()) {
          replaceAll();
        }
        follow();
        pause = 0;
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (closed) {
          return;
        }
        if (e instanceof ApiException status && status.code() == 410) {
          resourceVersion = "";
          continue;
        }
        if (!(e instanceof ApiException)) {
          recall();
        }
        pause = Math.min(LONGEST_PAUSE_MILLIS, Math.max(100, pause * 2));
        LOG.debug("following {}: {}; again in {} ms", client.type(), e.toString(), pause);
      }
    }
  }

  private void replaceAll() {
    Set<String> gone = new HashSet<>(cache.keys());
    String token = null;
    do {
      ObjectList<T> page = client.list(namespace, options.withPage(PAGE, token));
      for (T object : page.items()) {
        gone.remove(object.key());
        store(object);
      }
      resourceVersion = page.resourceVersion();
      token = page.continueToken().isEmpty() ? null : page.continueToken();
    } while (token != null);
    gone.forEach(this::drop);
    synced.countDown();
    known.countDown();
    changed.release();
  }

  /** The server cannot be reached: what was known before has to do. */
  private void recall() {
    if (file == null || known()) {
      return;
    }
    try {
      List<T> before = recall.apply(file.read());
      if (!before.isEmpty()) {
        before.forEach(this::store);
        LOG.warn(
            "the API server does not answer; {} {} are known from before",
            before.size(),
            client.type());
        known.countDown();
      }
    } catch (RuntimeException e) {
      LOG.debug("{} cannot be recalled yet", client.type(), e);
    }
  }

  /** Writes the file some time after changes. */
  private void keep() {
    try {
      while (!closed && file != null) {
        changed.acquire();
        Thread.sleep(KEEP_AFTER);
        changed.drainPermits();
        if (hasSynced()) {
          file.write(cache.list());
        }
      }
    } catch (InterruptedException e) {
      LOG.trace("{} are kept no longer", client.type());
    }
  }

  private void follow() {
    int seconds = WATCH_SECONDS_LEAST + ThreadLocalRandom.current().nextInt(WATCH_SECONDS_LEAST);
    ListOptions watch = options.withResourceVersion(resourceVersion).withBookmarks(seconds);
    try (WatchStream<T> events = client.watch(namespace, watch)) {
      stream = events;
      if (closed) {
        return;
      }
      for (WatchEvent<T> e = events.next(); e != null; e = events.next()) {
        switch (e.type()) {
          case ADDED, MODIFIED -> store(e.object());
          case DELETED -> delete(e.object());
          case BOOKMARK -> {}
        }
        resourceVersion = e.object().metadata().resourceVersion();
      }
    } finally {
      stream = null;
    }
  }

  private void store(T object) {
    dispatch.lock();
    try {
      T old = cache.put(object);
      changed.release();
      for (EventHandler<T> handler : handlers) {
        tell(
            () -> {
              if (old == null) {
                handler.onAdd(object);
              } else {
                handler.onUpdate(old, object);
              }
            });
      }
    } finally {
      dispatch.unlock();
    }
  }

  private void delete(T last) {
    dispatch.lock();
    try {
      cache.remove(last.key());
      changed.release();
      handlers.forEach(handler -> tell(() -> handler.onDelete(last)));
    } finally {
      dispatch.unlock();
    }
  }

  private void drop(String key) {
    T last = cache.get(key);
    if (last != null) {
      delete(last);
    }
  }

  /** A handler's bug must not stop the others, nor the informer. */
  private void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.error("a handler of {} failed", client.type(), e);
    }
  }

  @Override
  public void close() {
    closed = true;
    WatchStream<T> open = stream;
    if (open != null) {
      open.close();
    }
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
    Thread keeping = writer;
    if (keeping != null) {
      keeping.interrupt();
    }
  }
}
