package io.kubra.cli.command;

import io.kubra.apiserver.health.VersionEndpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the version. */
@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
public final class VersionCommand implements Runnable {
  private static final String KUBRA = "0.1.0";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    var out = spec.commandLine().getOut();
    out.println("Kubra:      " + KUBRA);
    out.println("Kubernetes: " + VersionEndpoint.GIT_VERSION);
    out.println("Java:       " + Runtime.version());
    out.flush();
  }
}
