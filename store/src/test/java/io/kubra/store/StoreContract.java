package io.kubra.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Store} does. Subclasses say how to open an empty one. */
public abstract class StoreContract {
  private Store store;

  /** Opens an empty store. */
  protected abstract Store open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private Entry put(String key, String value) {
    return put(key, value, Store.ANY);
  }

  private Entry put(String key, String value, long expected) {
    return store.put(key, value.getBytes(StandardCharsets.UTF_8), expected, Durability.DURABLE);
  }

  private Deleted delete(String key) {
    return store.delete(key, Store.ANY, Durability.DURABLE);
  }

  private static List<String> keys(Range range) {
    return range.entries().stream().map(Entry::key).toList();
  }

  private static String text(Entry entry) {
    return new String(entry.value(), StandardCharsets.UTF_8);
  }

  @Test
  void anEmptyStoreIsAtRevisionOne() {
    assertThat(store.revision()).isEqualTo(1);
    assertThat(store.get("/a")).isNull();
    assertThat(store.range("/", Store.UNBOUNDED, 0, 0))
        .isEqualTo(new Range(List.of(), 1, 0, false));
  }

  @Test
  void everyWriteTakesTheNextRevision() {
    assertThat(put("/a", "1").modRevision()).isEqualTo(2);
    assertThat(put("/b", "1").modRevision()).isEqualTo(3);
    assertThat(delete("/a").revision()).isEqualTo(4);
    assertThat(store.revision()).isEqualTo(4);
  }

  @Test
  void anEntryCountsItsVersionsFromItsCreation() {
    put("/a", "1");
    Entry second = put("/a", "2");
    assertThat(second.createRevision()).isEqualTo(2);
    assertThat(second.modRevision()).isEqualTo(3);
    assertThat(second.version()).isEqualTo(2);
    delete("/a");
    Entry again = put("/a", "3");
    assertThat(again.createRevision()).isEqualTo(5);
    assertThat(again.version()).isEqualTo(1);
  }

  @Test
  void aReaderSeesWhatWasWritten() {
    put("/a", "hello");
    assertThat(store.get("/a")).isNotNull();
    assertThat(text(store.get("/a"))).isEqualTo("hello");
    delete("/a");
    assertThat(store.get("/a")).isNull();
  }

  @Test
  void creatingWhatExistsFailsAndTellsWhatIsThere() {
    Entry first = put("/a", "1", Store.ABSENT);
    assertThatThrownBy(() -> put("/a", "2", Store.ABSENT))
        .asInstanceOf(type(RevisionMismatchException.class))
        .satisfies(e -> assertThat(e.actual().modRevision()).isEqualTo(first.modRevision()));
    assertThat(text(store.get("/a"))).isEqualTo("1");
    assertThat(store.revision()).isEqualTo(2);
  }

  @Test
  void updatingAnOldRevisionFails() {
    long first = put("/a", "1").modRevision();
    long second = put("/a", "2", first).modRevision();
    assertThatThrownBy(() -> put("/a", "3", first)).isInstanceOf(RevisionMismatchException.class);
    assertThatThrownBy(() -> store.delete("/a", first, Durability.DURABLE))
        .isInstanceOf(RevisionMismatchException.class);
    assertThat(store.delete("/a", second, Durability.DURABLE).previous().modRevision())
        .isEqualTo(second);
  }

  @Test
  void deletingWhatIsNotThereFails() {
    assertThatThrownBy(() -> delete("/a"))
        .asInstanceOf(type(RevisionMismatchException.class))
        .satisfies(e -> assertThat(e.actual()).isNull());
  }

  @Test
  void aRangeIsInKeyOrderAndEndsBeforeItsEnd() {
    for (String key : List.of("/c", "/a", "/b/2", "/b/1", "/b0")) {
      put(key, "x");
    }
    assertThat(keys(store.range("/b/", "/b0", 0, 0))).containsExactly("/b/1", "/b/2");
    assertThat(keys(store.range("/b/2", Store.UNBOUNDED, 0, 0)))
        .containsExactly("/b/2", "/b0", "/c");
    assertThat(keys(store.range("/c", "/a", 0, 0))).isEmpty();
    assertThat(store.count("/b/", "/b0")).isEqualTo(2);
    assertThat(store.count("/", Store.UNBOUNDED)).isEqualTo(5);
  }

  @Test
  void pagesOfOneRevisionAreExactWhileOthersWrite() {
    for (int i = 0; i < 25; i++) {
      put("/p/%02d".formatted(i), "old");
    }
    Range page = store.range("/p/", "/p0", 10, 0);
    long revision = page.revision();
    List<Entry> all = new ArrayList<>(page.entries());
    assertThat(page.count()).isEqualTo(25);
    while (page.more()) {
      delete("/p/%02d".formatted(24 - all.size() / 10));
      put("/p/%02d".formatted(all.size()), "new");
      put("/p/x" + all.size(), "new");
      page = store.range(all.getLast().key() + "\0", "/p0", 10, revision);
      all.addAll(page.entries());
    }
    assertThat(all).hasSize(25).allSatisfy(e -> assertThat(text(e)).isEqualTo("old"));
  }

  @Test
  void theFutureCannotBeRead() {
    assertThatThrownBy(() -> store.range("/", Store.UNBOUNDED, 0, 7))
        .asInstanceOf(type(FutureRevisionException.class))
        .satisfies(e -> assertThat(e.revision()).isEqualTo(1));
    assertThatThrownBy(() -> store.compact(7)).isInstanceOf(FutureRevisionException.class);
  }

  @Test
  void compactionForgetsOlderStatesOnly() {
    for (int i = 0; i < 9; i++) {
      put("/a", "v" + i);
    }
    store.compact(6);
    assertThat(store.compactRevision()).isEqualTo(6);
    assertThatThrownBy(() -> store.range("/", Store.UNBOUNDED, 0, 5))
        .asInstanceOf(type(CompactedException.class))
        .satisfies(e -> assertThat(e.compactRevision()).isEqualTo(6));
    assertThat(text(store.range("/", Store.UNBOUNDED, 0, 6).entries().getFirst())).isEqualTo("v4");
    assertThatThrownBy(() -> store.watch("/", "", 5, new RecordingListener()))
        .isInstanceOf(CompactedException.class);
    store.compact(3);
    assertThat(store.compactRevision()).isEqualTo(6);
  }

  @Test
  void aWatchDeliversPastAndPresentExactlyOnce() {
    put("/w/a", "1");
    put("/w/a", "2");
    RecordingListener listener = new RecordingListener();
    try (Watch watch = store.watch("/w/", "/w0", 2, listener)) {
      put("/w/b", "3");
      put("/other", "4");
      delete("/w/a");
      await().until(() -> listener.progress() == store.revision());
    }
    assertThat(listener.revisions()).containsExactly(3L, 4L, 6L);
    assertThat(listener.events().getFirst())
        .isInstanceOfSatisfying(
            StoreEvent.Put.class,
            put -> {
              assertThat(text(put.entry())).isEqualTo("2");
              assertThat(text(put.previous())).isEqualTo("1");
            });
    assertThat(listener.events().getLast())
        .isInstanceOfSatisfying(
            StoreEvent.Delete.class,
            delete -> {
              assertThat(delete.key()).isEqualTo("/w/a");
              assertThat(text(delete.previous())).isEqualTo("2");
            });
  }

  @Test
  void aWatchTellsItsProgressWhenOthersWrite() {
    RecordingListener listener = new RecordingListener();
    try (Watch watch = store.watch("/w/", "/w0", store.revision(), listener)) {
      put("/other", "1");
      await().until(() -> listener.progress() == 2);
      assertThat(listener.events()).isEmpty();
    }
  }

  @Test
  void aClosedWatchHearsNothing() {
    RecordingListener listener = new RecordingListener();
    RecordingListener other = new RecordingListener();
    store.watch("/", "", 1, listener).close();
    try (Watch watch = store.watch("/", "", 1, other)) {
      put("/a", "1");
      await().until(() -> !other.events().isEmpty());
    }
    assertThat(listener.events()).isEmpty();
    assertThat(listener.failure()).isNull();
  }

  @Test
  void aListenerThatThrowsLosesItsWatchAndNobodyElseDoes() {
    RecordingListener other = new RecordingListener();
    RecordingListener ends = new RecordingListener();
    WatchListener faulty =
        new WatchListener() {
          @Override
          public void events(List<StoreEvent> batch) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public void failed(StoreException e) {
            ends.failed(e);
          }
        };
    try (Watch one = store.watch("/", "", 1, faulty);
        Watch two = store.watch("/", "", 1, other)) {
      put("/a", "1");
      await().until(() -> ends.failure() != null);
      put("/a", "2");
      await().until(() -> other.events().size() == 2);
    }
  }

  @Test
  void closingEndsWatchesAfterTheirLastEvent() {
    RecordingListener listener = new RecordingListener();
    store.watch("/", "", 1, listener);
    for (int i = 0; i < 50; i++) {
      put("/a" + i, "1");
    }
    store.close();
    await().until(() -> listener.failure() != null);
    assertThat(listener.failure()).isInstanceOf(StoreClosedException.class);
    assertThat(listener.revisions())
        .containsExactlyElementsOf(LongStream.rangeClosed(2, 51).boxed().toList());
    assertThatThrownBy(() -> store.get("/a")).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(() -> put("/a", "1")).isInstanceOf(StoreClosedException.class);
  }

  @Test
  void ofTwoRacersOnlyOneWins() throws Exception {
    int rounds = 300;
    int racers = 4;
    put("/race", "start");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < rounds; round++) {
        long expected = store.get("/race").modRevision();
        AtomicInteger wins = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < racers; i++) {
          Durability durability = i % 2 == 0 ? Durability.DURABLE : Durability.BUFFERED;
          running.add(
              threads.submit(
                  () -> {
                    try {
                      store.put("/race", new byte[1], expected, durability);
                      wins.incrementAndGet();
                    } catch (RevisionMismatchException e) {
                      assertThat(e.actual().modRevision()).isGreaterThan(expected);
                    }
                  }));
        }
        for (Future<?> racer : running) {
          racer.get();
        }
        assertThat(wins).hasValue(1);
      }
    }
    assertThat(store.get("/race").version()).isEqualTo(rounds + 1L);
  }

  @Test
  void watchersOfAStormSeeEveryRevisionOnce() throws Exception {
    int writers = 8;
    int each = 250;
    List<RecordingListener> listeners = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        String key = "/storm/" + w;
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    store.put(key, new byte[] {(byte) i}, Store.ANY, Durability.BUFFERED);
                  }
                }));
      }
      for (int i = 0; i < 5; i++) {
        RecordingListener listener = new RecordingListener();
        listeners.add(listener);
        store.watch("/", "", 1, listener);
      }
      for (Future<?> writer : running) {
        writer.get();
      }
    }
    long last = 1 + (long) writers * each;
    for (RecordingListener listener : listeners) {
      await().until(() -> listener.progress() == last);
      assertThat(listener.revisions())
          .containsExactlyElementsOf(LongStream.rangeClosed(2, last).boxed().toList());
    }
  }
}
