package io.kubra.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatedLogTest {
  @TempDir Path folder;
  private RotatedLog log;

  @BeforeEach
  void open() {
    log = new RotatedLog(folder.resolve("server.log"), 32 * 1024, 3);
  }

  private void append(String text) throws IOException {
    Files.writeString(log.file(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String lines(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "line " + i + "\n").reduce("", String::concat);
  }

  private String all() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path part : log.parts()) {
      text.append(Files.readString(part));
    }
    return text.toString();
  }

  @Test
  void aSmallLogIsLeftAlone() throws Exception {
    append("short\n");

    assertThat(log.rotateIfLarge()).isFalse();
    assertThat(log.parts()).containsExactly(log.file());
  }

  @Test
  void sizeAndNumberOfFilesAreBounded() throws Exception {
    for (int i = 0; i < 10; i++) {
      append(lines(i * 5000, (i + 1) * 5000));
      assertThat(log.rotateIfLarge()).isTrue();
    }

    assertThat(log.parts()).hasSize(3);
    assertThat(Files.size(log.file())).isLessThan(32 * 1024);
    assertThat(all()).endsWith("line 49998\nline 49999\n");
  }

  @Test
  void aProcessThatGoesOnWritingLosesNothing() throws Exception {
    // Many files, so that all that was written can be looked at in the end.
    log = new RotatedLog(folder.resolve("busy.log"), 32 * 1024, 1000);
    Process writer =
        new ProcessBuilder(
                "sh", "-c", "i=0; while [ $i -lt 40000 ]; do echo line $i; i=$((i+1)); done")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()))
            .start();
    int rotations = 0;
    while (writer.isAlive()) {
      rotations += log.rotateIfLarge() ? 1 : 0;
    }
    assumeTrue(collapses(), "the file system cannot take out a beginning");

    assertThat(rotations).as("rotations while it wrote").isPositive();
    assertThat(all()).isEqualTo(lines(0, 40000));
  }

  private boolean collapses() throws IOException {
    Path probe = Files.write(folder.resolve("probe"), new byte[10000]);
    return Run.attempt(
            "fallocate", "--collapse-range", "--offset", "0", "--length", "4096", probe.toString())
        .ok();
  }

  @Test
  void anInterruptedRotationIsCompletedOrUndone() throws Exception {
    Path copy = folder.resolve("server.log.rotating");
    append("begin\nrest\n");
    Files.writeString(copy, "begin\nrest\n");
    log.rotateIfLarge();
    assertThat(all()).isEqualTo("begin\nrest\n");

    Files.writeString(copy, "earlier\n");
    log.rotateIfLarge();
    assertThat(all()).isEqualTo("earlier\nbegin\nrest\n");
  }

  @Test
  void whatAFullDiskLeftOfARotationDisplacesNothing() throws Exception {
    append(lines(0, 5000));
    log.rotateIfLarge();
    for (int copied : List.of(0, 7)) {
      String left = Files.readString(log.file()).substring(0, copied);
      Files.writeString(folder.resolve("server.log.rotating"), left);
      append("line of now\n");
      log.rotateIfLarge();
    }

    assertThat(log.parts()).hasSize(2);
    assertThat(all()).isEqualTo(lines(0, 5000) + "line of now\nline of now\n");
  }

  @Test
  void whoFollowsSeesEveryByteOnce() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LogPrinter printer = new LogPrinter(log, out);
    append(lines(0, 1000));
    printer.print(-1);
    for (int i = 1; i < 10; i++) {
      append(lines(i * 1000, i * 1000 + 500));
      if (i % 2 == 0) {
        printer.step();
      }
      append(lines(i * 1000 + 500, (i + 1) * 1000));
      log.rotateIfLarge();
      printer.step();
    }

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(lines(0, 10000));
    assertThat(log.previous()).exists();
  }

  @Test
  void theLastLinesMayLieInSeveralFiles() throws Exception {
    append(lines(0, 5000));
    log.rotateIfLarge();
    append(lines(5000, 5010));
    List<Integer> wanted = new ArrayList<>(List.of(0, 1, 5, 11, 500, 2000));
    for (int count : wanted) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new LogPrinter(log, out).print(count);
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(lines(5010 - count, 5010));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new LogPrinter(log, out).print(10_000);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(lines(0, 5010));
  }
}
