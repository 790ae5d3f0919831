package io.kubra.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogFileTest {
  @TempDir Path folder;

  @Test
  void anOldFileThatCannotBeRemovedDoesNotKeepEventsFromBeingWritten() throws Exception {
    Path stuck = folder.resolve("audit-2020-01-02T03-04-05.678.log");
    Files.createDirectories(stuck.resolve("not empty"));
    Path file = folder.resolve("audit.log");
    try (AuditLogFile log = new AuditLogFile(file, 10, 1, Duration.ZERO, Clock.systemUTC())) {
      log.accept(List.of(Map.of("auditID", "first")));

      log.accept(List.of(Map.of("auditID", "second")));
    }

    assertThat(file).content().contains("second").doesNotContain("first");
  }
}
