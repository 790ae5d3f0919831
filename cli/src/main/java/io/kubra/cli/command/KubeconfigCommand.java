package io.kubra.cli.command;

import io.kubra.cli.CliException;
import io.kubra.cli.local.LocalCluster;
import io.kubra.cli.local.LocalClusters;
import java.nio.file.Files;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the path of the administrator's kubeconfig. */
@Command(
    name = "kubeconfig",
    description =
        "Print the path of the cluster's kubeconfig: export KUBECONFIG=$(kubra kubeconfig)",
    mixinStandardHelpOptions = true)
public final class KubeconfigCommand implements Runnable {
  @Mixin private ClusterName cluster = new ClusterName();
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    LocalCluster found = LocalClusters.get(cluster.name);
    if (!Files.isReadable(found.kubeconfig())) {
      throw new CliException(
          found.kubeconfig() + " cannot be read; only root may, and only after kubra up");
    }
    spec.commandLine().getOut().println(found.kubeconfig());
  }
}
