package io.kubra.node.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("0.log");
    Files.writeString(
        file,
        """
        2026-01-01T00:00:01.000000000Z stdout F one
        2026-01-01T00:00:02.000000000Z stderr F two
        2026-01-01T00:00:03.000000000Z stdout P th
        2026-01-01T00:00:03.100000000Z stdout F ree
        2026-01-01T00:00:04.000000000Z stdout F four
        """);
  }

  private static LogQuery query(
      boolean timestamps, @Nullable Instant since, long tail, long limit, boolean stderr) {
    return new LogQuery(false, false, timestamps, since, tail, limit, true, stderr);
  }

  private String read(LogQuery query) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new LogReader(file, query, () -> false, out).run();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void linesAreJoinedAndStrippedOfTheFormat() throws IOException {
    assertThat(read(query(false, null, -1, -1, true))).isEqualTo("one\ntwo\nthree\nfour\n");
  }

  @Test
  void timestampsBeginLinesButNotTheirContinuations() throws IOException {
    assertThat(read(query(true, null, 2, -1, true)))
        .isEqualTo("2026-01-01T00:00:03.100000000Z ree\n2026-01-01T00:00:04.000000000Z four\n");
    assertThat(read(query(true, null, 3, -1, true)))
        .startsWith("2026-01-01T00:00:03.000000000Z three\n");
  }

  @Test
  void theTailTheTimeAndTheStreamSelectLines() throws IOException {
    assertThat(read(query(false, null, 1, -1, true))).isEqualTo("four\n");
    assertThat(read(query(false, null, 0, -1, true))).isEmpty();
    assertThat(read(query(false, Instant.parse("2026-01-01T00:00:04Z"), -1, -1, true)))
        .isEqualTo("four\n");
    assertThat(read(query(false, null, -1, -1, false))).isEqualTo("one\nthree\nfour\n");
  }

  @Test
  void theLimitCutsWithinALine() throws IOException {
    assertThat(read(query(false, null, -1, 6, true))).isEqualTo("one\ntw");
  }

  @Test
  void followingSendsWhatComesAcrossARotation() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LogQuery follow = new LogQuery(true, false, false, null, 0, -1, true, true);
    new LogReader(
            file,
            follow,
            () -> {
              try {
                switch (asked.incrementAndGet()) {
                  case 2 -> Files.writeString(file, "2026-01-01T00:00:05Z stdout F new\n");
                  case 5 -> {
                    return false;
                  }
                  default -> {}
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return true;
            },
            out)
        .run();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("new\n");
  }
}
