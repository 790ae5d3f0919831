package io.kubra.cli.command;

import io.kubra.cli.CliException;
import io.kubra.cli.local.ClusterProcesses;
import io.kubra.cli.local.LocalCluster;
import io.kubra.cli.local.LocalClusters;
import io.kubra.cli.process.Daemon;
import io.kubra.client.ApiClient;
import io.kubra.client.KubeConfig;
import io.kubra.client.ListOptions;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.NodeCondition;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows the processes and nodes of a local cluster; exits with 1 when something does not run. */
@Command(
    name = "status",
    description = "Show what runs of a cluster.",
    mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
  @Mixin private ClusterName name = new ClusterName();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    LocalCluster cluster = LocalClusters.get(name.name);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "cluster %s, API server https://127.0.0.1:%d, kubeconfig %s%n%n",
        cluster.name(), cluster.apiPort(), cluster.kubeconfig());
    out.printf("%-32s %-9s %8s %10s%n", "PROCESS", "STATE", "PID", "MEMORY");
    boolean all = true;
    for (Map.Entry<String, Daemon> entry : ClusterProcesses.of(cluster).entrySet()) {
      Optional<ProcessHandle> process = entry.getValue().find();
      all &= process.isPresent();
      out.printf(
          "%-32s %-9s %8s %10s%n",
          entry.getKey(),
          process.isPresent() ? "running" : "stopped",
          process.map(p -> Long.toString(p.pid())).orElse("-"),
          process.map(p -> memory(p.pid())).orElse("-"));
    }
    boolean ready = all && nodes(cluster, out);
    out.flush();
    return ready ? 0 : 1;
  }

  private static boolean nodes(LocalCluster cluster, PrintWriter out) {
    boolean ready = true;
    out.printf("%n%-32s %-9s%n", "NODE", "READY");
    try (ApiClient client =
        ApiClient.https(KubeConfig.read(cluster.kubeconfig()), "kubra-status")) {
      for (Node node : client.resource(Node.RESOURCE).list("", ListOptions.ALL).items()) {
        String status =
            node.status().conditions().stream()
                .filter(c -> c.type().equals("Ready"))
                .map(NodeCondition::status)
                .findFirst()
                .orElse("Unknown");
        ready &= status.equals("True");
        out.printf("%-32s %-9s%n", node.metadata().name(), status);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new CliException("the API server does not answer: " + e.getMessage());
    }
    return ready;
  }

  private static String memory(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024 + " MiB";
        }
      }
      return "-";
    } catch (IOException e) {
      return "-";
    }
  }
}
