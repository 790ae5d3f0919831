package io.kubra.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
  @TempDir Path folder;

  private Daemon daemon() {
    return new Daemon("sleeper", folder.resolve("pid"), folder.resolve("log"));
  }

  @Test
  void aStartedProcessIsFoundAgainAndStopped() {
    daemon().start(List.of("sh", "-c", "echo started; exec sleep 60"), List.of(), Map.of());

    assertThat(daemon().find()).isPresent();
    await().untilAsserted(() -> assertThat(daemon().lastWords(1)).isEqualTo("started"));
    ProcessHandle process = daemon().find().orElseThrow();
    daemon().stop(Duration.ofSeconds(5));

    await().until(() -> !process.isAlive());
    assertThat(daemon().find()).isEmpty();
    assertThat(folder.resolve("pid")).doesNotExist();
  }

  @Test
  void whatDoesNotEndInTimeIsEndedByForce() {
    daemon().start(List.of("sh", "-c", "trap '' TERM; echo deaf; sleep 60"), List.of(), Map.of());
    await().untilAsserted(() -> assertThat(daemon().lastWords(1)).isEqualTo("deaf"));
    ProcessHandle process = daemon().find().orElseThrow();

    daemon().stop(Duration.ofMillis(50));

    await().until(() -> !process.isAlive());
  }

  @Test
  void anotherProcessWithTheSamePidIsNotMistakenForIt() throws Exception {
    Files.writeString(folder.resolve("pid"), ProcessHandle.current().pid() + " 1\n");

    assertThat(daemon().find()).isEmpty();
  }

  @Test
  void argumentsReachTheProgramAsTheyAre() {
    daemon().start(List.of("echo", "$(id); 'a b'"), List.of(), Map.of());

    await().untilAsserted(() -> assertThat(daemon().lastWords(1)).isEqualTo("$(id); 'a b'"));
    daemon().stop(Duration.ofSeconds(5));
  }
}
