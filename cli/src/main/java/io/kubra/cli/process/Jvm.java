package io.kubra.cli.process;

import io.kubra.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command line by which this distribution starts itself again as another process. */
public final class Jvm {
  // By name: this package starts programs and does not build on what they do.
  private static final String MAIN = "io.kubra.cli.Main";
  private static final String DAEMON = "io.kubra.cli.daemon.DaemonMain";

  private Jvm() {}

  /** Where the distribution lies. */
  public static Path home() {
    String home = System.getProperty("kubra.home");
    if (home == null) {
      throw new CliException(
          "start kubra by its launcher, ./kubra: the property kubra.home is not set");
    }
    return Path.of(home);
  }

  /** A command that runs the control plane with the arguments. */
  public static List<String> server(List<String> arguments) {
    // With the first compiler only, large lists over TLS took ten times as long (bench/README.md).
    return command(
        DAEMON, List.of("-Xms16m", "-Xmx512m", "-XX:ReservedCodeCacheSize=64m"), arguments);
  }

  /** A command that runs a node with the arguments. */
  public static List<String> agent(List<String> arguments) {
    return command(
        DAEMON,
        List.of("-Xms8m", "-Xmx160m", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=24m"),
        arguments);
  }

  /**
   * A command that runs {@code kubra helm} with the arguments.
   *
   * @param temporary where it keeps its temporary files
   */
  public static List<String> helm(Path temporary, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("helm"));
    all.addAll(arguments);
    return command(
        MAIN, List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporary), all);
  }

  /**
   * What a daemon's environment should add: fewer malloc arenas, which only ever grow, and where
   * the logs are that it keeps.
   *
   * @param logs the folder of its own log and of those of the programs beside it, as it sees it
   */
  public static Map<String, String> environment(Path logs) {
    return Map.of("MALLOC_ARENA_MAX", "2", LogKeeper.VARIABLE, logs.toString());
  }

  private static List<String> command(String main, List<String> sizes, List<String> arguments) {
    Path home = home();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Path cache = home.resolve("kubra.aot");
    if (Files.exists(cache)) {
      command.add("-XX:AOTCache=" + cache);
    }
    command.addAll(sizes);
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=25",
            "-Xss512k",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            // Warnings, as of a start-up cache that does not fit, would go to standard output.
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dkubra.home=" + home,
            "-cp",
            classPath(home),
            main));
    command.addAll(arguments);
    return command;
  }

  private static String classPath(Path home) {
    try {
      return Files.readString(home.resolve("classpath")).strip();
    } catch (IOException e) {
      throw new CliException("the distribution at " + home + " is incomplete: " + e.getMessage());
    }
  }
}
