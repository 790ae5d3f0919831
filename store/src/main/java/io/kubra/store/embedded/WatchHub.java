package io.kubra.store.embedded;

import io.kubra.store.WatchListener;
import io.kubra.store.image.Image;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * All watches of a store. The writer only wakes the herald, a virtual thread that wakes the
 * watches, so that their number costs the writer nothing.
 */
final class WatchHub {
  private final Supplier<Image> images;
  private final Set<StoreWatch> watches = ConcurrentHashMap.newKeySet();
  private final Thread herald =
      Thread.ofVirtual().name("kubra-store-herald").unstarted(this::herald);
  private volatile boolean news;
  private volatile boolean closed;

  WatchHub(Supplier<Image> images) {
    this.images = images;
    herald.start();
  }

  /** Begins a watch; fails when its past is compacted. */
  StoreWatch watch(String start, String end, long after, WatchListener listener) {
    images.get().requireKept(after);
    StoreWatch watch = new StoreWatch(this, start, end, after, listener);
    watches.add(watch);
    watch.begin();
    return watch;
  }

  /** Tells that there is a new image. */
  void published() {
    if (!watches.isEmpty()) {
      news = true;
      LockSupport.unpark(herald);
    }
  }

  /** Lets all watches deliver what there is and end. */
  void close() {
    closed = true;
    LockSupport.unpark(herald);
  }

  boolean closed() {
    return closed;
  }

  Image image() {
    return images.get();
  }

  void ended(StoreWatch watch) {
    watches.remove(watch);
  }

  int size() {
    return watches.size();
  }

  private void herald() {
    while (!closed) {
      while (!news && !closed) {
        LockSupport.park(this);
      }
      news = false;
      watches.forEach(StoreWatch::signal);
    }
    watches.forEach(StoreWatch::signal);
  }
}
