package io.kubra.cli.command;

import io.kubra.cli.local.ClusterStop;
import io.kubra.cli.local.LocalCluster;
import io.kubra.cli.local.LocalClusters;
import io.kubra.cli.local.Requirements;
import io.kubra.cli.local.Steps;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes a local cluster and everything that belongs to it. */
@Command(
    name = "down",
    description =
        "Remove a cluster from this machine: processes, networks, mounts, cgroups and data.",
    mixinStandardHelpOptions = true)
public final class DownCommand implements Runnable {
  @Mixin private ClusterName name = new ClusterName();

  @Option(names = "--all", description = "Remove all clusters of this machine.")
  private boolean all;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    Requirements.root("down");
    List<LocalCluster> clusters =
        all ? LocalClusters.all() : LocalClusters.find(name.name).map(List::of).orElse(List.of());
    if (clusters.isEmpty()) {
      spec.commandLine().getOut().println("there is no such cluster");
      return;
    }
    Steps steps = new Steps(System.out);
    for (LocalCluster cluster : clusters) {
      new ClusterStop(cluster, steps).run();
    }
  }
}
