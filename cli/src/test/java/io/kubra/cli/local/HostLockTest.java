package io.kubra.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLockTest {
  @TempDir Path folder;

  @Test
  void aLockThatWasGivenBackCanBeTakenAgainAndLeavesNoFile() {
    Path file = folder.resolve("run/kubra.lock");
    try (HostLock lock = HostLock.take(file)) {
      assertThat(file).exists();
    }
    assertThat(file).doesNotExist();
    HostLock.take(file).close();
    assertThat(Files.exists(file)).isFalse();
  }
}
