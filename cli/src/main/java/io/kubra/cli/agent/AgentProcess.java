package io.kubra.cli.agent;

import io.kubra.cli.CliException;
import java.nio.file.Path;

/** The node's process. */
public final class AgentProcess {
  private final Path config;

  /** A process that {@link #run} sets going. */
  public AgentProcess(Path config) {
    this.config = config;
  }

  /** Runs until the process is asked to end. */
  public void run() {
    throw new CliException("no agent yet: " + config);
  }
}
