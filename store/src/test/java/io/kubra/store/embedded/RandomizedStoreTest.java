package io.kubra.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.store.Durability;
import io.kubra.store.Entry;
import io.kubra.store.RevisionMismatchException;
import io.kubra.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Random writes, reads, restarts and crashes; everything compared with a {@link Model}. */
class RandomizedStoreTest {
  private static final Logger log = LoggerFactory.getLogger(RandomizedStoreTest.class);
  private static final int STEPS = 1500;

  @TempDir Path home;
  private long seed;
  private Random random = new Random();
  private Model model = new Model();
  private int generation;
  private Path directory = Path.of("");

  private EmbeddedStore open() {
    return EmbeddedStore.open(
        EmbeddedConfig.builder(directory)
            .segmentBytes(4096 << random.nextInt(4))
            .snapshotAfterBytes(10_000 + random.nextInt(50_000))
            .reserveBytes(0)
            .flushInterval(Duration.ofMillis(1))
            .build());
  }

  private String context() {
    return "seed " + seed + " at revision " + model.revision();
  }

  @RepeatedTest(4)
  void theStoreAgreesWithTheModelThroughRestartsAndCrashes() throws IOException {
    seed = Long.getLong("kubra.seed", System.nanoTime());
    log.info("seed {}", seed);
    random = new Random(seed);
    model = new Model();
    directory = home.resolve("0");
    EmbeddedStore store = open();
    for (int step = 0; step < STEPS; step++) {
      int dice = random.nextInt(1000);
      if (dice < 600) {
        put(store);
      } else if (dice < 800) {
        delete(store);
      } else if (dice < 970) {
        read(store);
      } else if (dice < 980) {
        store.compact(store.compactRevision() / 2 + store.revision() / 2);
      } else {
        store = restart(store, dice);
      }
    }
    read(store);
    store.close();
  }

  private String key() {
    return "/k/" + (char) ('a' + random.nextInt(4)) + "/" + random.nextInt(40);
  }

  private long expectation(String key) {
    Entry actual = model.now().get(key);
    return switch (random.nextInt(4)) {
      case 0 -> Store.ANY;
      case 1 -> Store.ABSENT;
      case 2 -> actual == null ? Store.ABSENT : actual.modRevision();
      default -> random.nextLong(model.revision() + 1);
    };
  }

  private Durability durability() {
    return random.nextInt(3) == 0 ? Durability.DURABLE : Durability.BUFFERED;
  }

  private void put(Store store) {
    String key = key();
    byte[] value = new byte[random.nextInt(100) == 0 ? 9000 : random.nextInt(80)];
    random.nextBytes(value);
    long expected = expectation(key);
    Entry actual = null;
    try {
      actual = store.put(key, value, expected, durability());
    } catch (RevisionMismatchException e) {
      Model.assertSame(e.actual(), model.now().get(key), context());
    }
    Entry wanted = null;
    try {
      wanted = model.put(key, value, expected);
    } catch (RevisionMismatchException e) {
      // compared below
    }
    Model.assertSame(actual, wanted, context());
  }

  private void delete(Store store) {
    String key = key();
    long expected = expectation(key);
    long actual = 0;
    try {
      actual = store.delete(key, expected, durability()).revision();
    } catch (RevisionMismatchException e) {
      Model.assertSame(e.actual(), model.now().get(key), context());
    }
    long wanted = 0;
    try {
      wanted = model.delete(key, expected).revision();
    } catch (RevisionMismatchException e) {
      // compared below
    }
    assertThat(actual).as(context()).isEqualTo(wanted);
  }

  private void read(Store store) {
    assertThat(store.revision()).as(context()).isEqualTo(model.revision());
    String key = key();
    Model.assertSame(store.get(key), model.now().get(key), context());
    long oldest = store.compactRevision();
    long revision = random.nextBoolean() ? 0 : random.nextLong(oldest, model.revision() + 1);
    String end = random.nextBoolean() ? "" : key();
    model.verify(store, key(), end, random.nextInt(20), revision, context());
    model.verify(store, "/", "", 0, 0, context());
  }

  private EmbeddedStore restart(EmbeddedStore store, int dice) throws IOException {
    long compacted = store.compactRevision();
    if (dice < 988) {
      store.close();
    } else {
      // what a dead process leaves is what is in its files, without a good end
      Path copy = home.resolve(Integer.toString(++generation));
      Crash.copy(directory, copy);
      store.close();
      directory = copy;
      if (dice >= 994) {
        Crash.tearOff(directory, random);
        EmbeddedStore torn = open();
        long survived = torn.revision();
        assertThat(survived).as(context()).isLessThanOrEqualTo(model.revision());
        model.rollBack(survived);
        model.verify(torn, "/", "", 0, 0, context());
        return torn;
      }
    }
    EmbeddedStore again = open();
    assertThat(again.compactRevision()).as(context()).isGreaterThanOrEqualTo(compacted);
    read(again);
    return again;
  }
}
