package io.kubra.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.store.Durability;
import io.kubra.store.RecordingListener;
import io.kubra.store.Store;
import io.kubra.store.StoreContract;
import io.kubra.store.StoreException;
import io.kubra.store.StoreFullException;
import io.kubra.store.Watch;
import io.kubra.store.testing.TestingEtcd;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract against the distribution's etcd, and what only etcd can show. */
class EtcdStoreTest extends StoreContract {
  @TempDir Path folder;
  private @Nullable TestingEtcd etcd;

  @Override
  protected Store open() {
    assumeTrue(TestingEtcd.present(), "etcd is not installed: apt-get install etcd-server");
    etcd = new TestingEtcd(folder);
    return EtcdStore.open(etcd.config());
  }

  @AfterEach
  void endEtcd() {
    if (etcd != null) {
      etcd.close();
    }
  }

  @Test
  void twoStoresOnOneEtcdSeeEachOthersWrites() {
    RecordingListener listener = new RecordingListener();
    try (Store one = EtcdStore.open(etcd.config());
        Store two = EtcdStore.open(etcd.config());
        Watch watch = two.watch("/", "", 1, listener)) {
      one.put("/a", new byte[] {7}, Store.ABSENT, Durability.DURABLE);

      assertThat(two.get("/a").value()).containsExactly(7);
      await().until(() -> listener.revisions().equals(List.of(2L)));
    }
  }

  @Test
  void writesAndWatchesGoOnAfterEtcdWasKilled() {
    RecordingListener listener = new RecordingListener();
    try (Store store = EtcdStore.open(etcd.config());
        Watch watch = store.watch("/", "", 1, listener)) {
      store.put("/a", new byte[] {1}, Store.ABSENT, Durability.DURABLE);
      etcd.killAndRestart();
      assertThat(store.get("/a").value()).containsExactly(1);
      store.put("/a", new byte[] {2}, 2, Durability.DURABLE);

      await().until(() -> listener.revisions().equals(List.of(2L, 3L)));
      assertThat(listener.failure()).isNull();
    }
  }

  @Test
  void requestsFailSoonWhenEtcdIsGoneAndSucceedWhenItIsBack() {
    try (Store store = EtcdStore.open(etcd.config())) {
      etcd.close();

      // the first request may still meet the end of the old connection
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(store::revision)
                      .isInstanceOf(StoreException.class)
                      .hasMessageContaining("etcd does not answer")
                      .hasMessageContaining("Connection refused"));

      etcd.killAndRestart();
      assertThat(store.put("/a", new byte[] {1}, Store.ABSENT, Durability.DURABLE).modRevision())
          .isEqualTo(2);
    }
  }

  @Test
  void aMemberThatDoesNotAnswerIsPassedOver() {
    EtcdConfig config =
        new EtcdConfig(
            List.of(URI.create("http://127.0.0.1:1"), etcd.endpoint()), null, null, null);
    try (Store store = EtcdStore.open(config)) {
      assertThat(store.revision()).isEqualTo(1);
    }
  }

  @Test
  void aFullEtcdTellsThatItIsFull(@TempDir Path other) {
    try (TestingEtcd small = new TestingEtcd(other, "--quota-backend-bytes=1000000");
        Store store = EtcdStore.open(small.config())) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  store.put("/big/" + i, new byte[100_000], Store.ANY, Durability.DURABLE);
                }
              })
          .isInstanceOf(StoreFullException.class);
      assertThat(store.get("/big/0")).isNotNull();
    }
  }

  @Test
  void aValueThatIsTooLargeIsRefused() {
    try (Store store = EtcdStore.open(etcd.config())) {
      assertThatThrownBy(() -> store.put("/a", new byte[1_800_000], Store.ANY, Durability.DURABLE))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("too large");
    }
  }
}
