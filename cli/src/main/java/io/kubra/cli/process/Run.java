package io.kubra.cli.process;

import io.kubra.cli.CliException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs short programs and waits for them. Arguments are passed as they are, never to a shell. */
public final class Run {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /**
   * How a program ended.
   *
   * @param output its standard output and error together
   */
  public record Result(int exitCode, String output) {
    /** Whether it ended with 0. */
    public boolean ok() {
      return exitCode == 0;
    }
  }

  private Run() {}

  /**
   * Runs a program that must succeed.
   *
   * @return what it printed
   * @throws CliException with the program's own words if it fails or is missing
   */
  public static String check(String... command) {
    return check(List.of(command), "");
  }

  /** Runs a program that must succeed, with the given standard input. */
  public static String check(List<String> command, String input) {
    Result result = attempt(command, input);
    if (!result.ok()) {
      String words = result.output.strip();
      throw new CliException(
          "%s failed with exit code %d%s"
              .formatted(
                  String.join(" ", command),
                  result.exitCode,
                  words.isEmpty() ? "" : ": " + lastLine(words)));
    }
    return result.output;
  }

  /** Runs a program that may fail. */
  public static Result attempt(String... command) {
    return attempt(List.of(command), "");
  }

  /** Runs a program that may fail, with the given standard input. */
  public static Result attempt(List<String> command, String input) {
    return attempt(command, input, Map.of());
  }

  /**
   * Runs a program that may fail.
   *
   * @param environment variables added to this process's own
   */
  public static Result attempt(
      List<String> command, String input, Map<String, String> environment) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      Thread feeder =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (OutputStream in = process.getOutputStream()) {
                      in.write(input.getBytes(StandardCharsets.UTF_8));
                    } catch (IOException e) {
                      // The program ended without reading all of it; its exit code tells why.
                      return;
                    }
                  });
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new CliException(
            command.getFirst() + " did not end within " + LIMIT.toMinutes() + " minutes");
      }
      feeder.join();
      return new Result(process.exitValue(), output);
    } catch (IOException e) {
      throw new CliException("cannot run " + command.getFirst() + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(
          new IOException("interrupted while running " + command.getFirst()));
    }
  }

  private static String lastLine(String text) {
    return text.substring(text.lastIndexOf('\n') + 1);
  }
}
