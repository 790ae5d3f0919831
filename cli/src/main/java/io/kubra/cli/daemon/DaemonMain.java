package io.kubra.cli.daemon;

import io.kubra.cli.CliException;
import io.kubra.cli.agent.AgentProcess;
import io.kubra.cli.server.ServerArguments;
import io.kubra.cli.server.ServerProcess;
import java.nio.file.Path;
import java.util.List;

/**
 * The entry of the processes that {@code kubra up} starts: {@code server} and {@code agent} as
 * {@code kubra} knows them, without the command line parser, whose classes are too old a format for
 * the start-up cache.
 */
public final class DaemonMain {
  private static final String CONFIG = "--config=";

  private DaemonMain() {}

  /** Runs until the process is asked to end. */
  public static void main(String[] arguments) {
    try {
      List<String> rest = List.of(arguments).subList(1, arguments.length);
      switch (arguments[0]) {
        case "server" -> new ServerProcess(ServerArguments.parse(rest)).run();
        case "agent" -> new AgentProcess(Path.of(config(rest))).run();
        default -> throw new CliException("not a daemon: " + arguments[0]);
      }
    } catch (CliException e) {
      System.err.println("kubra: " + e.getMessage());
      System.exit(e.exitCode());
    }
  }

  private static String config(List<String> arguments) {
    if (arguments.size() != 1 || !arguments.getFirst().startsWith(CONFIG)) {
      throw new CliException("the agent takes " + CONFIG + "FILE");
    }
    return arguments.getFirst().substring(CONFIG.length());
  }
}
