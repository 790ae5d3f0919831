package io.kubra.cli.command;

import picocli.CommandLine.Option;

/** The option that says which local cluster is meant. */
final class ClusterName {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "kubra",
      description = "The cluster's name (default: ${DEFAULT-VALUE}).")
  String name = "kubra";
}
