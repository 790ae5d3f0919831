package io.kubra.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.store.Durability;
import io.kubra.store.Store;
import io.kubra.store.StoreFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fills a small file system of its own. */
class FullDiskTest {
  private static final int MIB = 1 << 20;

  @TempDir static Path home;
  private Path disk = Path.of("");

  @BeforeEach
  void mount() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "only root can mount a small file system");
    disk = Files.createTempDirectory(home, "disk");
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString()) == 0,
        "no tmpfs can be mounted here");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", disk.toString());
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /** With a reserve the store stops of itself; without one the system stops it. */
  @ParameterizedTest
  @ValueSource(longs = {MIB, 0})
  void aFullDiskRefusesWritesAndLosesNothing(long reserve) throws IOException {
    EmbeddedConfig config =
        EmbeddedConfig.builder(disk.resolve("store"))
            .segmentBytes(MIB)
            .snapshotAfterBytes(64 * MIB)
            .reserveBytes(reserve)
            .build();
    Set<String> written = new HashSet<>();
    Path ballast = disk.resolve("ballast");
    try (EmbeddedStore store = EmbeddedStore.open(config)) {
      Files.write(ballast, new byte[3 * MIB]);
      assertThatThrownBy(() -> fill(store, written)).isInstanceOf(StoreFullException.class);
      assertThat(written).isNotEmpty();
      assertHolds(store, written);
      long revision = store.revision();
      assertThatThrownBy(() -> fill(store, written)).isInstanceOf(StoreFullException.class);
      assertHolds(store, written);
      assertThat(store.revision()).isGreaterThanOrEqualTo(revision);

      Files.delete(ballast);
      store.put("/again", new byte[100_000], Store.ABSENT, Durability.DURABLE);
      written.add("/again");
    }
    try (EmbeddedStore store = EmbeddedStore.open(config)) {
      assertHolds(store, written);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {MIB, 0})
  void aSnapshotThatFindsNoSpaceLosesNothing(long reserve) throws IOException {
    EmbeddedConfig config =
        EmbeddedConfig.builder(disk.resolve("store"))
            .segmentBytes(256 << 10)
            .snapshotAfterBytes(512 << 10)
            .reserveBytes(reserve)
            .build();
    Set<String> written = new HashSet<>();
    try (EmbeddedStore store = EmbeddedStore.open(config)) {
      assertThatThrownBy(() -> fill(store, written)).isInstanceOf(StoreFullException.class);
      assertHolds(store, written);
    }
    Path copy = home.resolve("copy" + reserve);
    Crash.copy(disk.resolve("store"), copy);
    try (EmbeddedStore store = EmbeddedStore.open(EmbeddedConfig.at(copy))) {
      assertHolds(store, written);
    }
  }

  private static void fill(Store store, Set<String> written) {
    for (int i = 0; i < 100_000; i++) {
      String key = "/k/" + written.size();
      store.put(key, new byte[5000], Store.ABSENT, Durability.DURABLE);
      written.add(key);
    }
  }

  private static void assertHolds(Store store, Set<String> written) {
    assertThat(store.count("/", Store.UNBOUNDED)).isEqualTo(written.size());
    for (String key : written) {
      assertThat(store.get(key)).as(key).isNotNull();
    }
  }
}
