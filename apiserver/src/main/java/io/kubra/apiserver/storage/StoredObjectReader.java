package io.kubra.apiserver.storage;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.selector.LabelSelector;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads objects for the server itself: single ones from the store, many from the cache. */
public final class StoredObjectReader implements ObjectReader {
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
    ObjectFollower follower =
        new ObjectFollower(() -> served(resource), resources::closed, listener);
    Watcher watcher = follower.begin();
    Thread.ofVirtual()
        .name("changes-of-" + resource.resource())
        .start(() -> follower.follow(watcher));
  }

  private ServedResource served(GroupResource resource) {
    ServedResource r = resources.storageOf(resource);
    if (r == null) {
      throw new IllegalArgumentException("not served: " + resource);
    }
    return r;
  }
}
