package io.kubra.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.status.ApiException;
import io.kubra.store.CompactedException;
import io.kubra.store.Durability;
import io.kubra.store.Store;
import io.kubra.store.StoreException;
import io.kubra.store.WatchListener;
import io.kubra.store.embedded.EmbeddedStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StoreFeedTest {
  private static final String PREFIX = "/registry/core/configmaps/";

  private final Store store = EmbeddedStore.inMemory();
  private final AtomicBoolean readable = new AtomicBoolean(true);
  private final StoreFeed feed = new StoreFeed(failingReads());

  @AfterEach
  void close() {
    feed.close();
    store.close();
  }

  @Test
  void aResourceThatCouldNotBeReadIsReadAgainByTheNextRequest() {
    put("a");
    readable.set(false);
    assertThatThrownBy(() -> feed.cache(PREFIX, indexer())).isInstanceOf(StoreException.class);

    readable.set(true);

    assertThat(feed.cache(PREFIX, indexer()).consistent().objects().size()).isEqualTo(1);
  }

  @Test
  void whoHoldsACacheThatWasDroppedIsToldToTryAgain() {
    ResourceCache cache = feed.cache(PREFIX, indexer());

    feed.forget(PREFIX);

    assertThatThrownBy(cache::consistent)
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(504));
    assertThatThrownBy(() -> cache.watchFromNow(PREFIX, ObjectFilter.ALL, 0))
        .isInstanceOf(ApiException.class);
    put("b");
    assertThat(feed.cache(PREFIX, indexer()).consistent().objects().size()).isEqualTo(1);
  }

  @Test
  void anAnnouncedObjectIsIndexedOnceAlsoWhenTheStoreReturnsOtherBytesWithTheSameContent() {
    AtomicInteger indexed = new AtomicInteger();
    ObjectIndexer indexer =
        new ObjectIndexer(
            tree -> {
              indexed.incrementAndGet();
              return Map.of();
            });
    StoredObject prepared = indexer.prepare(PREFIX + "a", Map.of("metadata", Map.of("name", "a")));
    indexer.announce(prepared);

    indexer.fromStore(prepared.key(), prepared.json().clone(), 7);
    assertThat(indexed).hasValue(1);

    // it was taken, so nothing is kept of it
    indexer.fromStore(prepared.key(), prepared.json().clone(), 8);
    assertThat(indexed).hasValue(2);
  }

  @Test
  void closingEndsAllWatchesAndAllWaits() throws Exception {
    put("a");
    long old = store.revision();
    put("b");
    ResourceCache cache = feed.cache(PREFIX, indexer());
    Watcher recent = cache.watchFromNow(PREFIX, ObjectFilter.ALL, 0).watcher();
    Watcher fromStore = cache.watchAfter(PREFIX, ObjectFilter.ALL, old);
    assertThat(fromStore.take(10, TimeUnit.SECONDS)).hasSize(1);
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> feed.await(1000));

    feed.close();

    assertThat(recent.take(10, TimeUnit.SECONDS)).isNull();
    assertThat(fromStore.take(10, TimeUnit.SECONDS)).isNull();
    assertThatThrownBy(waiting::join)
        .hasCauseInstanceOf(ApiException.class)
        .hasMessageContaining("the server is shutting down");
    assertThatThrownBy(() -> cache.watchAfter(PREFIX, ObjectFilter.ALL, old))
        .isInstanceOf(ApiException.class);
    assertThatThrownBy(() -> feed.cache("/registry/core/secrets/", indexer()))
        .hasMessageContaining("the server is shutting down");
  }

  @Test
  void theStoreIsFollowedAgainAlsoWhenItFailsOnceMoreAfterTheHistoryWasLost() throws Exception {
    AtomicReference<WatchListener> listener = new AtomicReference<>();
    AtomicBoolean compacted = new AtomicBoolean();
    AtomicBoolean down = new AtomicBoolean();
    Store flaky =
        proxy(
            (method, arguments) -> {
              if (method.equals("watch")) {
                listener.set((WatchListener) arguments[3]);
                if (compacted.getAndSet(false)) {
                  down.set(true);
                  throw new CompactedException(1, 2);
                }
              }
              if (method.equals("revision") && down.getAndSet(false)) {
                throw new StoreException("the store does not answer");
              }
            });
    try (StoreFeed followed = new StoreFeed(flaky)) {
      WatchListener first = listener.get();
      compacted.set(true);

      first.failed(new StoreException("the connection ended"));

      Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> listener.get() != first);
      put("a");
      Awaitility.await()
          .atMost(10, TimeUnit.SECONDS)
          .until(() -> followed.revision() >= store.revision());
    }
  }

  private static ObjectIndexer indexer() {
    return new ObjectIndexer(tree -> Map.of());
  }

  private void put(String name) {
    byte[] json =
        "{\"metadata\":{\"name\":\"%s\"}}".formatted(name).getBytes(StandardCharsets.UTF_8);
    store.put(PREFIX + name, json, Store.ABSENT, Durability.DURABLE);
  }

  private Store failingReads() {
    return proxy(
        (method, arguments) -> {
          if (method.equals("range") && !readable.get()) {
            throw new StoreException("the store does not answer");
          }
        });
  }

  /** The store, with something that happens before each call. */
  private Store proxy(BiConsumer<String, Object[]> before) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              before.accept(method.getName(), arguments);
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
