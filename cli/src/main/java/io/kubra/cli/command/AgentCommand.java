package io.kubra.cli.command;

import io.kubra.cli.agent.AgentProcess;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a node in the foreground. */
@Command(
    name = "agent",
    description = "Run node agent, service proxy and DNS in the foreground.",
    mixinStandardHelpOptions = true)
public final class AgentCommand implements Runnable {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The agent's configuration.")
  private Path config = Path.of("");

  @Override
  public void run() {
    new AgentProcess(config).run();
  }
}
