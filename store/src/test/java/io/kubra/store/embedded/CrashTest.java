package io.kubra.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.kubra.store.CorruptStoreException;
import io.kubra.store.Durability;
import io.kubra.store.Entry;
import io.kubra.store.Store;
import io.kubra.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
  @TempDir Path home;

  @Test
  void whatAKilledProcessAcknowledgedIsThere() throws Exception {
    Path directory = home.resolve("store");
    Path output = home.resolve("output");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AcknowledgingChild.class.getName(),
                directory.toString())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> acknowledged;
    try {
      await().until(() -> Files.size(output) > 50_000);
    } finally {
      child.destroyForcibly().waitFor();
      // the last line may be cut off
      acknowledged = Files.readAllLines(output).stream().filter(l -> l.endsWith(".")).toList();
    }
    try (Store store = EmbeddedStore.open(EmbeddedConfig.at(directory))) {
      for (String line : acknowledged) {
        String[] parts = line.split(" ");
        Entry entry = store.get(parts[0]);
        assertThat(entry).as(line).isNotNull();
        assertThat(entry.modRevision()).as(line).isGreaterThanOrEqualTo(Long.parseLong(parts[1]));
      }
      assertThat(store.revision()).isGreaterThan(acknowledged.size());
    }
  }

  private static void write(Path directory, int entries) {
    try (Store store = EmbeddedStore.open(EmbeddedConfig.at(directory))) {
      for (int i = 0; i < entries; i++) {
        byte[] value = ("value-" + i).getBytes(StandardCharsets.UTF_8);
        store.put("/k/" + i, value, Store.ABSENT, Durability.DURABLE);
      }
    }
  }

  private static long damage(Path file, String at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long offset = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(at);
    assertThat(offset).isPositive();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {'X'}), offset);
    }
    return offset;
  }

  @Test
  void damageBeforeTheEndIsRefusedWithItsPlace() throws IOException {
    write(home, 20);
    Path file = Crash.list(home, "log-*").getFirst();
    long offset = damage(file, "value-7");
    assertThatThrownBy(() -> EmbeddedStore.open(EmbeddedConfig.at(home)))
        .asInstanceOf(type(CorruptStoreException.class))
        .satisfies(
            e -> {
              assertThat(e.file()).isEqualTo(file.toString());
              assertThat(e.offset()).isBetween(offset - 64, offset);
              assertThat(e).hasMessageContaining("log-").hasMessageContaining("offset");
            });
  }

  @Test
  void damageInAnEarlierSegmentIsRefused() throws IOException {
    write(home, 5);
    Path file = Crash.list(home, "log-*").getFirst();
    EmbeddedStore.open(EmbeddedConfig.at(home)).close();
    damage(file, "value-4");
    assertThatThrownBy(() -> EmbeddedStore.open(EmbeddedConfig.at(home)))
        .asInstanceOf(type(CorruptStoreException.class))
        .satisfies(e -> assertThat(e.file()).isEqualTo(file.toString()));
  }

  @Test
  void aMissingSegmentIsRefused() throws IOException {
    write(home, 5);
    EmbeddedStore.open(EmbeddedConfig.at(home)).close();
    Files.delete(Crash.list(home, "log-*").getFirst());
    assertThatThrownBy(() -> EmbeddedStore.open(EmbeddedConfig.at(home)))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void aDirectoryHasOneStoreAtATime() {
    try (Store store = EmbeddedStore.open(EmbeddedConfig.at(home))) {
      store.put("/a", new byte[1], Store.ANY, Durability.DURABLE);
      assertThatThrownBy(() -> EmbeddedStore.open(EmbeddedConfig.at(home)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("in use by another process")
          .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
    }
    EmbeddedStore.open(EmbeddedConfig.at(home)).close();
  }

  @Test
  void theDiskTakesNoMoreThanItMust() {
    EmbeddedConfig config =
        EmbeddedConfig.builder(home).segmentBytes(64 << 10).snapshotAfterBytes(128 << 10).build();
    try (EmbeddedStore store = EmbeddedStore.open(config)) {
      for (int i = 0; i < 20_000; i++) {
        store.put("/k/" + i % 10, new byte[200], Store.ANY, Durability.BUFFERED);
      }
    }
    try (EmbeddedStore store = EmbeddedStore.open(config)) {
      assertThat(store.revision()).isEqualTo(20_001);
      assertThat(store.statistics().diskBytes()).isLessThan(4 << 20);
    }
  }

  @Test
  void manyRestartsLeaveFewFiles() throws IOException {
    for (int i = 0; i < 150; i++) {
      try (Store store = EmbeddedStore.open(EmbeddedConfig.at(home))) {
        store.put("/k", new byte[1], Store.ANY, Durability.BUFFERED);
        assertThat(store.revision()).isEqualTo(i + 2);
      }
    }
    assertThat(Crash.list(home, "*").size()).isLessThan(90);
  }
}
