package io.kubra.addons.helm.controller;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs Helm in processes that end with their work. Such a process sees of this one's environment
 * only how the network is reached, and what is secret it reads from files.
 */
final class HelmProcess implements AutoCloseable {
  private static final List<String> INHERITED =
      List.of(
          "PATH",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR");

  /** Where Helm looks for registries' credentials, in a run's folder. */
  static final String REGISTRIES = "config/registry/config.json";

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final long LARGEST_OUTPUT = 1 << 20;

  /** How a run ended; {@code error} is empty if it succeeded, else Helm's message. */
  record Outcome(String error) {
    boolean failed() {
      return !error.isEmpty();
    }
  }

  private final HelmCommandLine command;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();

  HelmProcess(HelmCommandLine command) {
    this.command = command;
  }

  /**
   * Runs Helm and waits for its end.
   *
   * @param secrets further arguments, handed over in a file
   * @param limit when it is ended by force
   */
  Outcome run(RunFolder folder, List<String> arguments, List<String> secrets, Duration limit)
      throws InterruptedException {
    List<String> all = new ArrayList<>(arguments);
    if (!secrets.isEmpty()) {
      all.add("@" + folder.write("arguments", quoted(secrets)));
    }
    Path output = folder.write("output", new byte[0]);
    ProcessBuilder builder =
        new ProcessBuilder(command.of(folder.path(), all))
            .directory(folder.path().toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile());
    environment(builder.environment(), folder.path());
    try {
      Process process = builder.start();
      running.add(process);
      try {
        folder.remember(process.toHandle());
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          return new Outcome("helm did not end within " + limit.toSeconds() + " s");
        }
        return new Outcome(process.exitValue() == 0 ? "" : error(output, process.exitValue()));
      } finally {
        running.remove(process);
        end(process);
      }
    } catch (IOException e) {
      return new Outcome("helm cannot be run: " + e.getMessage());
    }
  }

  private static void environment(Map<String, String> environment, Path folder) {
    environment.keySet().retainAll(INHERITED);
    environment.put("HOME", folder.toString());
    environment.put("TMPDIR", folder.toString());
    environment.put("HELM_CACHE_HOME", folder.resolve("cache").toString());
    environment.put("HELM_CONFIG_HOME", folder.resolve("config").toString());
    environment.put("HELM_DATA_HOME", folder.resolve("data").toString());
    environment.put("HELM_REGISTRY_CONFIG", folder.resolve(REGISTRIES).toString());
    environment.put("MALLOC_ARENA_MAX", "2");
    environment.put("LANG", "C.UTF-8");
  }

  /** Arguments as picocli reads them from a file. */
  static byte[] quoted(List<String> arguments) {
    StringBuilder text = new StringBuilder();
    for (String argument : arguments) {
      String escaped =
          argument
              .replace("\\", "\\\\")
              .replace("\"", "\\\"")
              .replace("\n", "\\n")
              .replace("\r", "\\r");
      text.append('"').append(escaped).append("\"\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Helm's message: the last that begins with its word for errors, and what follows it. */
  private static String error(Path output, int exitCode) throws IOException {
    String text = Files.size(output) > LARGEST_OUTPUT ? "" : Files.readString(output).strip();
    int from = text.lastIndexOf("Error: ");
    if (from >= 0) {
      return text.substring(from + "Error: ".length()).strip();
    }
    String last = text.substring(text.lastIndexOf('\n') + 1);
    return "helm ended with exit code " + exitCode + (last.isEmpty() ? "" : ": " + last);
  }

  private static void end(Process process) throws InterruptedException {
    if (process.isAlive()) {
      process.destroy();
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  /** Ends what still runs. */
  @Override
  public void close() {
    running.forEach(Process::destroy);
  }
}
