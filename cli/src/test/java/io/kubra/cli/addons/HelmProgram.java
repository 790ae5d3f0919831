package io.kubra.cli.addons;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code kubra helm} as a user runs it, with a home folder of its own. */
final class HelmProgram {
  /** How a run ended. */
  record Result(int exitCode, String output, String errors) {}

  private final Path home;
  private final Path kubeconfig;

  HelmProgram(Path home, Path kubeconfig) {
    this.home = home;
    this.kubeconfig = kubeconfig;
  }

  /** Runs a command that must succeed, and returns what it prints. */
  String run(String... arguments) {
    Result result = attempt("", arguments);
    assertThat(result.exitCode())
        .as("helm %s: %s%s", String.join(" ", arguments), result.output, result.errors)
        .isZero();
    return result.output;
  }

  /** Runs a command that must fail, and returns what it says. */
  String fail(String... arguments) {
    Result result = attempt("", arguments);
    assertThat(result.exitCode())
        .as("helm %s: %s", String.join(" ", arguments), result.output)
        .isEqualTo(1);
    return result.errors;
  }

  /** Runs a command. */
  Result attempt(String input, String... arguments) {
    try {
      Path temporary = Files.createDirectories(home.resolve("tmp"));
      List<String> command =
          new ArrayList<>(TestingServer.helm().of(temporary, List.of(arguments)));
      ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("HELM_"));
      builder.environment().put("HOME", home.toString());
      builder.environment().put("KUBECONFIG", kubeconfig.toString());
      builder.environment().put("HELM_CACHE_HOME", home.resolve("cache").toString());
      builder.environment().put("HELM_CONFIG_HOME", home.resolve("config").toString());
      builder.environment().put("HELM_DATA_HOME", home.resolve("data").toString());
      Path errors = Files.createTempFile(temporary, "errors", "");
      Process process = builder.redirectError(errors.toFile()).start();
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(100, TimeUnit.SECONDS)).as("helm ends").isTrue();
      return new Result(process.exitValue(), output, Files.readString(errors));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
