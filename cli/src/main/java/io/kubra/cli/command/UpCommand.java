package io.kubra.cli.command;

import io.kubra.cli.local.ClusterStart;
import io.kubra.cli.local.LocalCluster;
import io.kubra.cli.local.LocalClusters;
import io.kubra.cli.local.Requirements;
import io.kubra.cli.local.Steps;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Creates a local cluster, or brings it back to what it should be. */
@Command(
    name = "up",
    description = {
      "Start a cluster on this machine; start again what does not run of it.",
      "Each worker is a machine of its own: network, mounts, cgroups, containerd, agent."
    },
    mixinStandardHelpOptions = true)
public final class UpCommand implements Runnable {
  @Mixin private ClusterName name = new ClusterName();

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "How many worker nodes (default: those it has, or 1).")
  private @Nullable Integer workers;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Requirements.root("up");
    Steps steps = new Steps(System.out);
    steps.run("checking the host", () -> Requirements.packages(System.out));
    int count =
        workers != null
            ? workers
            : LocalClusters.find(name.name).map(LocalCluster::workers).orElse(1);
    Requirements.room();
    LocalCluster cluster = LocalClusters.prepare(name.name, count);
    new ClusterStart(cluster, steps).run();
    out.printf(
        """

        Cluster %1$s is ready after %2$.1f s.
          export KUBECONFIG=$(./kubra kubeconfig%3$s)
        or merge it into your own:
          KUBECONFIG=~/.kube/config:%4$s kubectl config view --flatten > /tmp/merged && mv /tmp/merged ~/.kube/config
        """,
        cluster.name(),
        steps.elapsed().toMillis() / 1000.0,
        name.name.equals("kubra") ? "" : " --name " + name.name,
        cluster.kubeconfig());
    out.flush();
  }
}
