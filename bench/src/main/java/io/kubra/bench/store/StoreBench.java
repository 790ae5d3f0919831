package io.kubra.bench.store;

import io.kubra.store.Durability;
import io.kubra.store.Store;
import io.kubra.store.StoreEvent;
import io.kubra.store.StoreException;
import io.kubra.store.Watch;
import io.kubra.store.WatchListener;
import io.kubra.store.embedded.EmbeddedConfig;
import io.kubra.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures the embedded store in a directory given as the argument, which it empties of its own
 * files at the end. Every figure is of the second of two runs.
 */
public final class StoreBench {
  private static final int VALUE_BYTES = 1024;
  private final Path home;

  private StoreBench(Path home) {
    this.home = home;
  }

  /** Runs all measurements and prints a line for each. */
  public static void main(String[] args) throws Exception {
    StoreBench bench = new StoreBench(Path.of(args.length > 0 ? args[0] : "target/store-bench"));
    if (args.length > 1) {
      bench.openOnce(args[1]);
      return;
    }
    for (int writers : new int[] {1, 16, 64}) {
      int writes = Math.min(40_000, 2000 * writers);
      bench.puts(writers, writes, Durability.DURABLE);
    }
    bench.puts(1, 100_000, Durability.BUFFERED);
    bench.puts(16, 100_000, Durability.BUFFERED);
    bench.ranges();
    bench.watches(1);
    bench.watches(100);
    bench.watches(1000);
    bench.opening();
  }

  private static void print(String what, double value, String unit) {
    System.out.printf(Locale.ROOT, "%-52s %12.1f %s%n", what, value, unit);
  }

  private Store open() {
    return EmbeddedStore.open(EmbeddedConfig.at(home));
  }

  private void clear() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(home)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private void puts(int writers, int writes, Durability durability) throws Exception {
    for (int run = 0; run < 2; run++) {
      try (Store store = open()) {
        double took = write(store, writers, writes, durability);
        if (run == 1) {
          String what = durability + " put of 1 KiB, writers: " + writers;
          print(what, writes / took, "puts/s");
          print(what, took * 1e6 / writes, "us/put");
        }
      }
      clear();
    }
  }

  private static double write(Store store, int writers, int writes, Durability durability)
      throws InterruptedException {
    long begin = System.nanoTime();
    AtomicInteger next = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(writers);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int w = 0; w < writers; w++) {
        threads.execute(
            () -> {
              for (int i = next.getAndIncrement(); i < writes; i = next.getAndIncrement()) {
                store.put(key(i), new byte[VALUE_BYTES], Store.ANY, durability);
              }
              done.countDown();
            });
      }
      done.await();
    }
    return seconds(begin);
  }

  private static String key(int i) {
    return "/registry/configmaps/default/config-%06d".formatted(i);
  }

  private void ranges() throws Exception {
    try (Store store = open()) {
      write(store, 16, 100_000, Durability.BUFFERED);
      String start = key(40_000);
      String end = key(45_000);
      long old = store.revision() - 3000;
      for (long revision : new long[] {0, old}) {
        long begin = 0;
        int rounds = 400;
        for (int i = -rounds; i < rounds; i++) {
          if (i == 0) {
            begin = System.nanoTime();
          }
          if (store.range(start, end, 0, revision).entries().size() > 5000) {
            throw new IllegalStateException("too many entries");
          }
        }
        print(
            "range of 5000 of 100000" + (revision == 0 ? "" : ", 3000 revisions ago"),
            seconds(begin) * 1e6 / rounds,
            "us");
      }
      long begin = System.nanoTime();
      int counts = 100_000;
      for (int i = 0; i < counts; i++) {
        if (store.count(start, end) != 5000) {
          throw new IllegalStateException("wrong count");
        }
      }
      print("count of 5000 of 100000", seconds(begin) * 1e6 / counts, "us");
    }
    clear();
  }

  private void watches(int watchers) throws Exception {
    for (int run = 0; run < 2; run++) {
      try (Store store = open()) {
        int writes = watchers >= 1000 ? 5000 : 50_000;
        CountDownLatch caughtUp = new CountDownLatch(watchers);
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < watchers; i++) {
          watches.add(store.watch("/", Store.UNBOUNDED, 1, new Counter(writes + 1L, caughtUp)));
        }
        long begin = System.nanoTime();
        double writing = write(store, 16, writes, Durability.BUFFERED);
        caughtUp.await();
        double all = seconds(begin);
        watches.forEach(Watch::close);
        if (run == 1) {
          String what = "watch fan-out, watchers: " + watchers;
          print(what, (double) watchers * writes / all, "events/s");
          print(what + ", puts meanwhile", writes / writing, "puts/s");
        }
      }
      clear();
    }
  }

  /** Says when the last event was seen. */
  private record Counter(long last, CountDownLatch caughtUp) implements WatchListener {
    @Override
    public void events(List<StoreEvent> batch) {
      if (batch.getLast().revision() == last) {
        caughtUp.countDown();
      }
    }

    @Override
    public void failed(StoreException e) {
      throw e;
    }
  }

  private void opening() throws Exception {
    try (Store store = open()) {
      write(store, 16, 100_000, Durability.BUFFERED);
    }
    inFreshJvm("snapshot and log");
    try (Store store = open()) {
      write(store, 1, 20_000, Durability.BUFFERED);
    }
    inFreshJvm("more log");
    clear();
  }

  /** Classes loaded and code compiled for the first time are part of what a start costs. */
  private void inFreshJvm(String what) throws Exception {
    new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-cp",
            System.getProperty("java.class.path"),
            StoreBench.class.getName(),
            home.toString(),
            what)
        .inheritIO()
        .start()
        .waitFor();
  }

  private void openOnce(String what) {
    long begin = System.nanoTime();
    try (Store store = open()) {
      print("cold start with 100000 objects, " + what, seconds(begin) * 1e3, "ms");
      if (store.count("/", Store.UNBOUNDED) != 100_000) {
        throw new IllegalStateException("objects are missing");
      }
    }
  }
}
