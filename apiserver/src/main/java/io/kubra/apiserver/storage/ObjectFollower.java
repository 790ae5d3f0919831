package io.kubra.apiserver.storage;

import io.kubra.apiserver.cache.CacheEvent;
import io.kubra.apiserver.cache.ObjectFilter;
import io.kubra.apiserver.cache.ResourceCache;
import io.kubra.apiserver.cache.SortedTree;
import io.kubra.apiserver.cache.StoredObject;
import io.kubra.apiserver.cache.Watcher;
import io.kubra.apiserver.registry.ChangeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener of all changes of a resource. A watch cache may be read anew, which ends its
 * watches; what changed meanwhile is then found by comparing the objects before and after, so that
 * a listener misses nothing for as long as the server runs.
 */
final class ObjectFollower {
  private static final Logger log = LoggerFactory.getLogger(ObjectFollower.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Supplier<ServedResource> resource;
  private final BooleanSupplier over;
  private final Consumer<ChangeEvent> listener;
  private SortedTree<StoredObject> known = SortedTree.empty();

  /** {@code over} tells when the server ends, and following with it. */
  ObjectFollower(
      Supplier<ServedResource> resource, BooleanSupplier over, Consumer<ChangeEvent> listener) {
    this.resource = resource;
    this.over = over;
    this.listener = listener;
  }

  /** Tells how the objects that exist differ from those known, and returns the watch from then. */
  Watcher begin() {
    ServedResource r = resource.get();
    ResourceCache.Subscription s = r.cache().watchConsistently(r.keyPrefix(""), ObjectFilter.ALL);
    SortedTree<StoredObject> now = s.initial().objects();
    for (StoredObject old : all(known)) {
      if (now.get(old.key()) == null) {
        deliver(
            new ChangeEvent(
                ChangeEvent.Type.DELETED, old.tree(), old.tree(), s.initial().revision()));
      }
    }
    for (StoredObject o : all(now)) {
      StoredObject old = known.get(o.key());
      if (old == null) {
        deliver(new ChangeEvent(ChangeEvent.Type.ADDED, o.tree(), null, o.revision()));
      } else if (old.revision() != o.revision()) {
        deliver(new ChangeEvent(ChangeEvent.Type.MODIFIED, o.tree(), old.tree(), o.revision()));
      }
    }
    known = now;
    return s.watcher();
  }

  private static List<StoredObject> all(SortedTree<StoredObject> objects) {
    List<StoredObject> all = new ArrayList<>(objects.size());
    objects.forEach("", "", all::add);
    return all;
  }

  /** Follows a watch, and those that take its place, until the server ends. */
  void follow(Watcher first) {
    Watcher watcher = first;
    try {
      while (true) {
        deliverAll(watcher);
        watcher.close();
        watcher = again();
      }
    } catch (InterruptedException e) {
      watcher.close();
      Thread.currentThread().interrupt();
    }
  }

  private void deliverAll(Watcher watcher) throws InterruptedException {
    for (List<Watcher.Item> items = watcher.take(1, TimeUnit.HOURS);
        items != null;
        items = watcher.take(1, TimeUnit.HOURS)) {
      for (Watcher.Item item : items) {
        deliver(change(item));
        known = item.event().after();
      }
    }
  }

  private Watcher again() throws InterruptedException {
    while (true) {
      if (over.getAsBoolean()) {
        throw new InterruptedException("the server ends");
      }
      try {
        return begin();
      } catch (RuntimeException e) {
        log.warn("changes cannot be followed yet: {}", e.getMessage());
        Thread.sleep(RETRY);
      }
    }
  }

  private static ChangeEvent change(Watcher.Item item) {
    CacheEvent event = item.event();
    StoredObject previous = event.previous();
    ChangeEvent.Type type =
        switch (item.type()) {
          case ADDED -> ChangeEvent.Type.ADDED;
          case MODIFIED -> ChangeEvent.Type.MODIFIED;
          case DELETED -> ChangeEvent.Type.DELETED;
        };
    return new ChangeEvent(
        type,
        event.shown(item.type()).tree(),
        previous == null ? null : previous.tree(),
        event.revision());
  }

  private void deliver(ChangeEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      log.error("a listener failed on revision {}", event.revision(), e);
    }
  }
}
