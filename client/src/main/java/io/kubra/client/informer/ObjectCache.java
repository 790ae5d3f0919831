package io.kubra.client.informer;

import io.kubra.model.KubernetesObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The objects an informer knows, by key and by indexes. Written by one thread, read by many. */
final class ObjectCache<T extends KubernetesObject> {
  static final String BY_NAMESPACE = "namespace";

  private static final class Index<T> {
    final Function<T, ? extends Collection<String>> values;
    final Map<String, Set<String>> keys = new ConcurrentHashMap<>();

    Index(Function<T, ? extends Collection<String>> values) {
      this.values = values;
    }
  }

  private final Map<String, T> objects = new ConcurrentHashMap<>();
  private final Map<String, Index<T>> indexes = new ConcurrentHashMap<>();

  ObjectCache() {
    addIndex(BY_NAMESPACE, o -> List.of(o.metadata().namespace()));
  }

  void addIndex(String name, Function<T, ? extends Collection<String>> values) {
    Index<T> index = new Index<>(values);
    indexes.put(name, index);
    objects.values().forEach(o -> insert(index, o));
  }

  @Nullable T get(String key) {
    return objects.get(key);
  }

  List<T> list() {
    return new ArrayList<>(objects.values());
  }

  Set<String> keys() {
    return Set.copyOf(objects.keySet());
  }

  List<T> byIndex(String name, String value) {
    Index<T> index = indexes.get(name);
    if (index == null) {
      throw new IllegalArgumentException("no index named " + name);
    }
    List<T> found = new ArrayList<>();
    for (String key : index.keys.getOrDefault(value, Set.of())) {
      T object = objects.get(key);
      if (object != null) {
        found.add(object);
      }
    }
    return found;
  }

  @Nullable T put(T object) {
    T old = objects.put(object.key(), object);
    for (Index<T> index : indexes.values()) {
      // First in, then out: readers must not miss an object whose value stays.
      insert(index, object);
      if (old != null) {
        delete(index, old, index.values.apply(object));
      }
    }
    return old;
  }

  @Nullable T remove(String key) {
    T old = objects.remove(key);
    if (old != null) {
      indexes.values().forEach(index -> delete(index, old, List.of()));
    }
    return old;
  }

  private void insert(Index<T> index, T object) {
    for (String value : index.values.apply(object)) {
      index.keys.computeIfAbsent(value, v -> ConcurrentHashMap.newKeySet()).add(object.key());
    }
  }

  private void delete(Index<T> index, T object, Collection<String> kept) {
    for (String value : index.values.apply(object)) {
      if (kept.contains(value)) {
        continue;
      }
      index.keys.computeIfPresent(
          value,
          (v, keys) -> {
            keys.remove(object.key());
            return keys.isEmpty() ? null : keys;
          });
    }
  }
}
