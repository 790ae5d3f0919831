package io.kubra.apiserver.storage;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.selector.LabelSelector;
import io.kubra.apiserver.cache.CacheEvent;
import io.kubra.apiserver.cache.ObjectFilter;
import io.kubra.apiserver.cache.ResourceCache;
import io.kubra.apiserver.cache.StoreFeed;
import io.kubra.apiserver.cache.StoredObject;
import io.kubra.apiserver.cache.Watcher;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.store.Entry;
import io.kubra.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads objects for the server itself: single ones from the store, many from the cache. */
public final class StoredObjectReader implements ObjectReader {
  private static final Logger log = LoggerFactory.getLogger(StoredObjectReader.class);

  private final Store store;
  private final ServedResources resources;

  public StoredObjectReader(Store store, ServedResources resources) {
    this.store = store;
    this.resources = resources;
  }

  @Override
  public @Nullable ResourceInfo resourceOf(GroupVersionKind kind) {
    ResourceInfo info = resources.catalogue().byKind(kind);
    return info == null || versionOf(info) == null ? null : info;
  }

  @Override
  public @Nullable Map<String, Object> get(ResourceInfo version, String namespace, String name) {
    ServedResource r = versionOf(version);
    Entry entry = r == null ? null : store.get(r.key(namespace, name));
    return r == null || entry == null ? null : r.served(StoredObject.of(entry, namespace, name));
  }

  @Override
  public List<Map<String, Object>> list(
      GroupResource resource, @Nullable String namespace, LabelSelector labels) {
    ServedResource r = served(resource);
    return list(r, r.keyPrefix(namespace == null ? "" : namespace), labels);
  }

  private static List<Map<String, Object>> list(
      ServedResource r, String prefix, LabelSelector labels) {
    List<StoredObject> all = new ArrayList<>();
    r.cache()
        .consistent()
        .objects()
        .forEach(
            prefix,
            StoreFeed.endOf(prefix),
            o -> {
              if (labels.matches(o.labels())) {
                all.add(o);
              }
              return true;
            });
    return r.decodeAll(all);
  }

  @Override
  public List<Map<String, Object>> list(ResourceInfo version, @Nullable String namespace) {
    ServedResource r = versionOf(version);
    if (r == null) {
      return List.of();
    }
    String prefix = r.keyPrefix(namespace == null ? "" : namespace);
    List<Map<String, Object>> all = new ArrayList<>();
    r.cache()
        .consistent()
        .objects()
        .forEach(prefix, StoreFeed.endOf(prefix), o -> all.add(r.served(o)));
    return all;
  }

  private @Nullable ServedResource versionOf(ResourceInfo info) {
    return resources.find(info.gvr().group(), info.gvr().version(), info.gvr().resource());
  }

  @Override
  public @Nullable Map<String, Object> get(GroupResource resource, String namespace, String name) {
    ServedResource r = served(resource);
    Entry entry = store.get(r.key(namespace, name));
    return entry == null ? null : r.decode(StoredObject.of(entry, namespace, name));
  }

  @Override
  public List<Map<String, Object>> list(GroupResource resource, @Nullable String namespace) {
    ServedResource r = served(resource);
    String prefix = r.keyPrefix(namespace == null ? "" : namespace);
    return list(r, prefix, LabelSelector.EVERYTHING);
  }

  @Override
  public void onChange(GroupResource resource, Consumer<ChangeEvent> listener) {
    ServedResource r = served(resource);
    ResourceCache.Subscription s = r.cache().watchConsistently(r.keyPrefix(""), ObjectFilter.ALL);
    s.initial()
        .objects()
        .forEach(
            "",
            "",
            o -> {
              deliver(
                  listener, new ChangeEvent(ChangeEvent.Type.ADDED, o.tree(), null, o.revision()));
              return true;
            });
    Thread.ofVirtual()
        .name("changes-of-" + resource.resource())
        .start(() -> follow(s.watcher(), listener));
  }

  private static void follow(Watcher watcher, Consumer<ChangeEvent> listener) {
    try {
      while (true) {
        List<Watcher.Item> items = watcher.take(1, TimeUnit.HOURS);
        if (items == null) {
          return;
        }
        for (Watcher.Item item : items) {
          deliver(listener, change(item));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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

  private static void deliver(Consumer<ChangeEvent> listener, ChangeEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      log.error("a listener failed on revision {}", event.revision(), e);
    }
  }

  private ServedResource served(GroupResource resource) {
    ServedResource r = resources.storageOf(resource);
    if (r == null) {
      throw new IllegalArgumentException("not served: " + resource);
    }
    return r;
  }
}
