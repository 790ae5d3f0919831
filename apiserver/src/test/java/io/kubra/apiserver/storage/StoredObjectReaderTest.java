package io.kubra.apiserver.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.cache.StoreFeed;
import io.kubra.apiserver.rules.KindRulesRegistry;
import io.kubra.store.Durability;
import io.kubra.store.Entry;
import io.kubra.store.Store;
import io.kubra.store.StoreException;
import io.kubra.store.embedded.EmbeddedStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StoredObjectReaderTest {
  private static final String PREFIX = "/registry/core/configmaps/";

  private final Store store = EmbeddedStore.inMemory();
  private final AtomicBoolean readable = new AtomicBoolean(true);
  private final StoreFeed feed = new StoreFeed(failingReads());
  private final StoredObjectReader reader =
      new StoredObjectReader(
          store, new ServedResources(Catalogue.builtin(), new KindRulesRegistry(), feed));

  @AfterEach
  void close() {
    feed.close();
    store.close();
  }

  @Test
  void aListenerHearsWhatChangedWhileTheWatchCacheWasReadAnew() {
    put("stays", Store.ABSENT);
    long changes = put("changes", Store.ABSENT);
    long goes = put("goes", Store.ABSENT);
    List<String> heard = new CopyOnWriteArrayList<>();
    reader.onChange(
        new GroupResource("", "configmaps"),
        e -> heard.add(e.type() + " " + Trees.string(e.object(), "metadata", "name")));
    heard.clear();

    readable.set(false);
    feed.forget(PREFIX);
    put("changes", changes);
    put("comes", Store.ABSENT);
    store.delete(PREFIX + "default/goes", goes, Durability.DURABLE);
    readable.set(true);

    Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(heard)
                    .containsExactlyInAnyOrder("MODIFIED changes", "ADDED comes", "DELETED goes"));
    put("later", Store.ABSENT);
    Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> heard.contains("ADDED later"));
  }

  private long put(String name, long expected) {
    byte[] json =
        "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\"}}"
            .formatted(name)
            .getBytes(StandardCharsets.UTF_8);
    Entry written = store.put(PREFIX + "default/" + name, json, expected, Durability.DURABLE);
    return written.modRevision();
  }

  private Store failingReads() {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("range") && !readable.get()) {
                throw new StoreException("the store does not answer");
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
