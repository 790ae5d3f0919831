package io.kubra.cli.command;

import io.kubra.cli.CliException;
import io.kubra.cli.config.Part;
import io.kubra.cli.local.LocalCluster;
import io.kubra.cli.local.LocalClusters;
import io.kubra.cli.local.Monitoring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says where Prometheus is. */
@Command(
    name = "prometheus",
    description = {
      "Print the address of Prometheus.",
      "It listens on loopback only; from elsewhere: ssh -L 9090:127.0.0.1:9090 HOST"
    },
    mixinStandardHelpOptions = true)
final class OpenPrometheus implements Runnable {
  @Mixin private ClusterName name = new ClusterName();
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    LocalCluster cluster = LocalClusters.get(name.name);
    if (!cluster.enabled(Part.PROMETHEUS)) {
      throw new CliException(
          "Prometheus of " + cluster.name() + " is off: kubra up --enable prometheus");
    }
    spec.commandLine().getOut().println(Monitoring.prometheusUrl(cluster));
  }
}
