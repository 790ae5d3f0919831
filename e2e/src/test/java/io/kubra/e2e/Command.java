package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program and keeps what it prints.
 *
 * @param environment what is added to the environment
 * @param first the arguments that come before all others
 */
record Command(Path program, Map<String, String> environment, List<String> first) {
  private static final long LIMIT_SECONDS = 180;

  record Result(int exitCode, String output) {}

  Result attempt(String input, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(first);
    command.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // The program did not want its input; its exit code tells the rest.
        assertThat(e).hasMessageContaining("pipe");
      }
      byte[] output = process.getInputStream().readAllBytes();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " did not end");
      }
      return new Result(process.exitValue(), new String(output, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Runs the program, which must succeed, and returns what it printed. */
  String run(String... arguments) {
    return runWith("", arguments);
  }

  String runWith(String input, String... arguments) {
    Result result = attempt(input, arguments);
    assertThat(result.exitCode())
        .as("%s %s%n%s", program, String.join(" ", arguments), result.output())
        .isZero();
    return result.output();
  }
}
