package io.kubra.cli.process;

import io.kubra.cli.CliException;
import io.kubra.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line by which this distribution starts itself again as another process. */
public final class Jvm {
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

  /**
   * A command that runs {@code kubra} with the arguments.
   *
   * @param heapMegabytes the most heap the process may use
   */
  public static List<String> command(int heapMegabytes, List<String> arguments) {
    Path home = home();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Path cache = home.resolve("kubra.aot");
    if (Files.exists(cache)) {
      command.add("-XX:AOTCache=" + cache);
    }
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xms16m",
            "-Xmx" + heapMegabytes + "m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=25",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dkubra.home=" + home,
            "-cp",
            classPath(home),
            Main.class.getName()));
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
