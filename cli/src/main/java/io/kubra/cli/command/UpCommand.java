package io.kubra.cli.command;

import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.cli.config.Part;
import io.kubra.cli.config.StateStore;
import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.check.HostChecks;
import io.kubra.cli.local.ClusterStart;
import io.kubra.cli.local.LocalCluster;
import io.kubra.cli.local.LocalClusters;
import io.kubra.cli.local.Requirements;
import io.kubra.cli.local.Steps;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
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

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = {
        "The cluster's configuration, kubra.yaml; in place of the one that was kept.",
        "Later starts without it keep it. The other options change it."
      })
  private @Nullable Path file;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description = "Where objects are kept: embedded (default) or etcd.")
  private @Nullable StateStore store;

  @Option(
      names = "--disable",
      paramLabel = "PART",
      split = ",",
      completionCandidates = PartNames.class,
      description = "Parts to switch off: ${COMPLETION-CANDIDATES}.")
  private List<String> disable = List.of();

  @Option(
      names = "--enable",
      paramLabel = "PART",
      split = ",",
      completionCandidates = PartNames.class,
      description = "Parts to switch on again.")
  private List<String> enable = List.of();

  @Option(
      names = "--manifests",
      paramLabel = "DIR",
      description = {
        "A folder whose manifests are kept applied",
        "(default: those it has, or manifests in the server's data folder)."
      })
  private @Nullable Path manifests;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    HostChecks.linux(System.getProperty("os.name", ""));
    Requirements.root("up");
    ClusterConfiguration configuration = configuration();
    Steps steps = new Steps(System.out);
    steps.run(
        "checking the host",
        () -> {
          HostChecks.require(HostFiles.local(), "a cluster's host");
          Requirements.packages(configuration, System.out);
        });
    Requirements.room();
    LocalCluster cluster = LocalClusters.prepare(name.name, configuration);
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

  /** The file's, else the one that was kept, with what the other options say. */
  private ClusterConfiguration configuration() {
    ClusterConfiguration result =
        file != null
            ? ClusterConfiguration.read(file)
            : LocalClusters.find(name.name)
                .map(LocalCluster::configuration)
                .orElse(ClusterConfiguration.DEFAULT);
    if (workers != null) {
      result = result.withWorkers(workers);
    }
    if (store != null) {
      result = result.withStore(store);
    }
    if (manifests != null) {
      result = result.withManifests(manifests.toAbsolutePath().normalize());
    }
    return result.withParts(result.parts().with(parts(enable)).without(parts(disable)));
  }

  private static List<Part> parts(List<String> labels) {
    return labels.stream().map(label -> Part.of(label.strip())).toList();
  }

  /** The names of all parts, for help and completion. */
  static final class PartNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Part.values()).map(Part::label).iterator();
    }
  }
}
