package io.kubra.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.store.CompactedException;
import io.kubra.store.Durability;
import io.kubra.store.RecordingListener;
import io.kubra.store.Store;
import io.kubra.store.StoreEvent;
import io.kubra.store.StoreException;
import io.kubra.store.WatchListener;
import io.kubra.store.image.Retention;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

  private EmbeddedStore open(Retention retention) {
    return EmbeddedStore.inMemory(
        EmbeddedConfig.builder(Path.of("")).retention(retention).clock(now::get).build());
  }

  private static void write(Store store, int writes, int bytes) {
    for (int i = 0; i < writes; i++) {
      store.put("/k", new byte[bytes], Store.ANY, Durability.BUFFERED);
    }
  }

  @Test
  void whatIsYoungIsKept() {
    try (Store store = open(new Retention(Duration.ofMinutes(5), 100_000, 1 << 30))) {
      write(store, 5000, 10);
      now.updateAndGet(time -> time.plusSeconds(299));
      write(store, 1000, 10);
      assertThat(store.compactRevision()).isEqualTo(1);
    }
  }

  @Test
  void whatIsOldIsCompactedOnceMoreIsWritten() {
    try (Store store = open(new Retention(Duration.ofMinutes(5), 100_000, 1 << 30))) {
      write(store, 5000, 10);
      now.updateAndGet(time -> time.plusSeconds(301));
      write(store, 200, 10);
      now.updateAndGet(time -> time.plusSeconds(301));
      assertThat(store.compactRevision()).isLessThan(5001);
      write(store, 200, 10);
      await().until(() -> store.compactRevision() > 4900);
      assertThat(store.compactRevision()).isLessThan(store.revision());
    }
  }

  @Test
  void manyRevisionsAreCompactedHoweverYoung() {
    try (Store store = open(new Retention(Duration.ofMinutes(5), 1000, 1 << 30))) {
      write(store, 5000, 10);
      await()
          .untilAsserted(
              () -> assertThat(store.revision() - store.compactRevision()).isBetween(500L, 1300L));
    }
  }

  @Test
  void largeValuesAreCompactedHoweverYoung() {
    try (Store store = open(new Retention(Duration.ofMinutes(5), 100_000, 1 << 20))) {
      write(store, 2000, 10_000);
      await()
          .untilAsserted(
              () -> assertThat(store.revision() - store.compactRevision()).isLessThan(400));
    }
  }

  @Test
  void aListenerThatFallsTooFarBehindLosesItsWatch() {
    CountDownLatch gate = new CountDownLatch(1);
    RecordingListener ends = new RecordingListener();
    WatchListener slow =
        new WatchListener() {
          @Override
          public void events(List<StoreEvent> batch) {
            try {
              gate.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }

          @Override
          public void failed(StoreException e) {
            ends.failed(e);
          }
        };
    try (Store store = open(new Retention(Duration.ofMinutes(5), 1000, 1 << 30))) {
      store.watch("/", Store.UNBOUNDED, 1, slow);
      RecordingListener quick = new RecordingListener();
      store.watch("/", Store.UNBOUNDED, 1, quick);
      for (int i = 0; i < 50; i++) {
        write(store, 100, 10);
        await().until(() -> quick.progress() == store.revision());
      }
      gate.countDown();
      await().until(() -> ends.failure() != null);
      assertThat(ends.failure()).isInstanceOf(CompactedException.class);
      assertThat(quick.events()).hasSize(5000);
    }
  }
}
