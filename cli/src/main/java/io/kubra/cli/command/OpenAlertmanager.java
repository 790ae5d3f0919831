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

/** Says where Alertmanager is. */
@Command(
    name = "alertmanager",
    description = {
      "Print the address of Alertmanager.",
      "It listens on loopback only; from elsewhere: ssh -L 9093:127.0.0.1:9093 HOST"
    },
    mixinStandardHelpOptions = true)
final class OpenAlertmanager implements Runnable {
  @Mixin private ClusterName name = new ClusterName();
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    LocalCluster cluster = LocalClusters.get(name.name);
    if (!cluster.enabled(Part.ALERTMANAGER)) {
      throw new CliException(
          "Alertmanager of " + cluster.name() + " is off: kubra up --enable alertmanager");
    }
    spec.commandLine().getOut().println(Monitoring.alertmanagerUrl(cluster));
  }
}
