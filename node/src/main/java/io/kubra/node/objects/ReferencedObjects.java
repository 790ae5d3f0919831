package io.kubra.node.objects;

import io.kubra.api.status.ApiException;
import io.kubra.client.ListOptions;
import io.kubra.client.ResourceClient;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.SharedInformer;
import io.kubra.model.KubernetesObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Objects of one kind that pods on this node refer to. Each is watched by itself, as nodes may read
 * no others, for as long as some pod refers to it. Safe for many threads.
 */
public final class ReferencedObjects<T extends KubernetesObject> implements AutoCloseable {
  private final class Entry {
    final SharedInformer<T> informer;
    final Set<String> users = new HashSet<>();
    volatile @Nullable T fetched;

    Entry(SharedInformer<T> informer) {
      this.informer = informer;
    }
  }

  private final ResourceClient<T> client;
  private final Consumer<String> changed;
  private final Map<String, Entry> entries = new HashMap<>();

  /**
   * Objects read through a client.
   *
   * @param changed told the uid of each pod that refers to an object that changed; must not block
   */
  public ReferencedObjects(ResourceClient<T> client, Consumer<String> changed) {
    this.client = client;
    this.changed = changed;
  }

  /** Sets which objects, by {@code namespace/name}, a pod refers to; none releases all. */
  public void refer(String podUid, Set<String> keys) {
    synchronized (entries) {
      for (String key : keys) {
        entries.computeIfAbsent(key, this::follow).users.add(podUid);
      }
      entries
          .entrySet()
          .removeIf(
              e -> {
                Entry entry = e.getValue();
                if (keys.contains(e.getKey()) || !entry.users.remove(podUid)) {
                  return false;
                }
                if (entry.users.isEmpty()) {
                  entry.informer.close();
                  return true;
                }
                return false;
              });
    }
  }

  private Entry follow(String key) {
    int slash = key.indexOf('/');
    SharedInformer<T> informer =
        new SharedInformer<>(
            client,
            key.substring(0, slash),
            ListOptions.ALL.withFields("metadata.name=" + key.substring(slash + 1)));
    Entry entry = new Entry(informer);
    informer.addHandler(
        new EventHandler<>() {
          @Override
          public void onAdd(T object) {
            T fetched = entry.fetched;
            if (fetched == null
                || !fetched
                    .metadata()
                    .resourceVersion()
                    .equals(object.metadata().resourceVersion())) {
              tell(key);
            }
          }

          @Override
          public void onUpdate(T old, T object) {
            if (!Objects.equals(
                old.metadata().resourceVersion(), object.metadata().resourceVersion())) {
              tell(key);
            }
          }

          @Override
          public void onDelete(T object) {
            tell(key);
          }
        });
    informer.start();
    return entry;
  }

  private void tell(String key) {
    Set<String> users;
    synchronized (entries) {
      Entry entry = entries.get(key);
      users = entry == null ? Set.of() : Set.copyOf(entry.users);
    }
    users.forEach(changed);
  }

  /**
   * An object, or null if there is none. Asks the server unless the object is followed already.
   *
   * @throws ApiException if the server refuses
   */
  public @Nullable T get(String namespace, String name) {
    Entry entry;
    synchronized (entries) {
      entry = entries.get(namespace + "/" + name);
    }
    if (entry != null && entry.informer.hasSynced()) {
      return entry.informer.getByKey(namespace + "/" + name);
    }
    T object = client.find(namespace, name).orElse(null);
    if (entry != null) {
      entry.fetched = object;
    }
    return object;
  }

  @Override
  public void close() {
    synchronized (entries) {
      entries.values().forEach(e -> e.informer.close());
      entries.clear();
    }
  }
}
