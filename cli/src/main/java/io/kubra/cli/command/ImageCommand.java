package io.kubra.cli.command;

import io.kubra.cli.CliException;
import io.kubra.cli.local.Containerd;
import io.kubra.cli.local.LocalCluster;
import io.kubra.cli.local.LocalClusters;
import io.kubra.cli.local.Machine;
import io.kubra.cli.local.Requirements;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings images into a local cluster's nodes without a registry. */
@Command(
    name = "image",
    description = "Load images into the nodes, or list those they hold.",
    mixinStandardHelpOptions = true,
    subcommands = {ImageCommand.Load.class, ImageCommand.Show.class})
public final class ImageCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static LocalCluster running(String name) {
    Requirements.root("image");
    LocalCluster cluster = LocalClusters.get(name);
    for (Machine machine : cluster.machines()) {
      if (machine.containerd().find().isEmpty()) {
        throw new CliException(
            "containerd of " + machine.name() + " does not run; start the cluster with: kubra up");
      }
    }
    return cluster;
  }

  /** Loads archives. */
  @Command(
      name = "load",
      description = "Load docker or OCI archives into every node.",
      mixinStandardHelpOptions = true)
  static final class Load implements Runnable {
    @Mixin private ClusterName cluster = new ClusterName();

    @Parameters(
        paramLabel = "ARCHIVE",
        arity = "1..*",
        description = "Files made by docker save, podman save, skopeo, jib ...")
    private List<Path> archives = List.of();

    @Spec private CommandSpec spec;

    @Override
    public void run() {
      LocalCluster found = running(cluster.name);
      for (Path archive : archives) {
        if (!Files.isReadable(archive)) {
          throw new CliException(archive + " cannot be read");
        }
        for (Machine machine : found.machines()) {
          List<String> names = new Containerd(machine).load(archive);
          names.forEach(name -> spec.commandLine().getOut().println(machine.name() + ": " + name));
        }
      }
    }
  }

  /** Lists images. */
  @Command(
      name = "list",
      description = "List the images that the nodes hold.",
      mixinStandardHelpOptions = true)
  static final class Show implements Runnable {
    @Mixin private ClusterName cluster = new ClusterName();
    @Spec private CommandSpec spec;

    @Override
    public void run() {
      TreeMap<String, List<String>> nodes = new TreeMap<>();
      for (Machine machine : running(cluster.name).machines()) {
        for (String image : new Containerd(machine).images()) {
          nodes.merge(
              image,
              List.of(machine.name()),
              (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).toList());
        }
      }
      nodes.forEach(
          (image, names) ->
              spec.commandLine().getOut().printf("%-60s %s%n", image, String.join(" ", names)));
      spec.commandLine().getOut().flush();
    }
  }
}
