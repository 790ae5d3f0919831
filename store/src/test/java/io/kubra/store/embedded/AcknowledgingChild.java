package io.kubra.store.embedded;

import io.kubra.store.Durability;
import io.kubra.store.Store;
import java.nio.file.Path;

/** Writes from several threads for ever and prints each write that was acknowledged. */
final class AcknowledgingChild {
  private AcknowledgingChild() {}

  public static void main(String[] args) throws InterruptedException {
    Store store =
        EmbeddedStore.open(
            EmbeddedConfig.builder(Path.of(args[0]))
                .segmentBytes(64 << 10)
                .snapshotAfterBytes(100_000)
                .build());
    for (int writer = 0; writer < 8; writer++) {
      String prefix = "/w" + writer + "/";
      Durability durability = writer % 2 == 0 ? Durability.DURABLE : Durability.BUFFERED;
      Thread.startVirtualThread(
          () -> {
            for (int i = 0; ; i++) {
              String key = prefix + i % 500;
              long revision = store.put(key, new byte[100], Store.ANY, durability).modRevision();
              synchronized (AcknowledgingChild.class) {
                System.out.println(key + " " + revision + " .");
                System.out.flush();
              }
            }
          });
    }
    Thread.currentThread().join();
  }
}
