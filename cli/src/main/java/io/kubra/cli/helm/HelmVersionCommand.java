package io.kubra.cli.helm;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the version of Helm's code. */
@Command(name = "version", description = "print the helm version information")
final class HelmVersionCommand extends HelmAction {
  @Option(names = "--short", description = "print the version number")
  boolean brief;

  @Override
  void run(HelmSession helm) {
    String version = helm.version();
    line(brief ? version : "version.BuildInfo{Version:\"" + version + "\"}");
  }
}
