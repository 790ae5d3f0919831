package io.kubra.cli.command;

import io.kubra.api.status.ApiException;
import io.kubra.cli.CliException;
import io.kubra.cli.config.Part;
import io.kubra.cli.local.ClusterProcesses;
import io.kubra.cli.local.LocalCluster;
import io.kubra.cli.local.LocalClusters;
import io.kubra.cli.podlogs.LogSelection;
import io.kubra.cli.podlogs.PodLogs;
import io.kubra.cli.process.LogPrinter;
import io.kubra.cli.process.RotatedLog;
import io.kubra.cli.server.AuditLog;
import io.kubra.client.ApiClient;
import io.kubra.client.KubeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the log of one of the cluster's own processes, or those of containers on all nodes. */
@Command(
    name = "logs",
    description = {
      "Print the log of a component: server, audit, agent or containerd, of a node where there are several.",
      "With --all, print the logs of containers on all nodes: kubra logs --all -l app=web --since 5m"
    },
    mixinStandardHelpOptions = true)
public final class LogsCommand implements Runnable {
  @Mixin private ClusterName name = new ClusterName();

  @Parameters(
      paramLabel = "COMPONENT",
      arity = "0..1",
      description = "server, audit, agent, containerd, or NODE/agent, NODE/containerd")
  private String component = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing what is added.")
  private boolean follow;

  @Option(
      names = "--tail",
      paramLabel = "LINES",
      defaultValue = "-1",
      description = "Only the last lines.")
  private int tail = -1;

  @Option(names = "--all", description = "The logs of containers, through the API.")
  private boolean all;

  @Option(
      names = {"-l", "--selector"},
      paramLabel = "LABELS",
      defaultValue = "",
      description = "With --all: of pods with these labels.")
  private String selector = "";

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      defaultValue = "",
      description = "With --all: of pods in this namespace (default: all).")
  private String namespace = "";

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      defaultValue = "",
      description = "With --all: only what is younger, such as 30s, 5m, 1h30m.")
  private String since = "";

  @Override
  public void run() {
    if (all) {
      printContainers();
      return;
    }
    if (component.isEmpty() || !(selector + namespace + since).isEmpty()) {
      throw new CliException(
          component.isEmpty()
              ? "name a component, or ask for the containers' logs with --all"
              : "-l, -n and --since go with --all");
    }
    LocalCluster cluster = LocalClusters.get(name.name);
    Map<String, Path> logs = new LinkedHashMap<>();
    ClusterProcesses.of(cluster)
        .forEach(
            (label, daemon) -> {
              logs.put(label, daemon.logFile());
              if (cluster.workers() == 1) {
                logs.put(daemon.name(), daemon.logFile());
              }
            });
    logs.put("audit", AuditLog.of(cluster.serverData(), cluster.configuration()));
    Path log = logs.get(component);
    if (log == null) {
      throw new CliException(
          "there is no component \""
              + component
              + "\"; choose one of "
              + String.join(", ", logs.keySet()));
    }
    if (!Files.exists(log)) {
      throw new CliException(
          component.equals("audit") && !cluster.configuration().enabled(Part.AUDIT)
              ? "requests are not audited; kubra up --enable audit"
              : component + " has not written a log yet");
    }
    try {
      LogPrinter printer = new LogPrinter(RotatedLog.of(log), System.out);
      printer.print(tail);
      if (follow) {
        printer.follow();
      }
    } catch (IOException e) {
      throw new CliException("cannot read " + log + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void printContainers() {
    if (!component.isEmpty()) {
      throw new CliException("--all takes no component; choose pods with -l and -n");
    }
    LogSelection selection =
        new LogSelection(
            namespace,
            selector,
            since.isEmpty() ? null : LogSelection.duration(since),
            tail,
            follow);
    LocalCluster cluster = LocalClusters.get(name.name);
    try (ApiClient client = ApiClient.https(KubeConfig.read(cluster.kubeconfig()), "kubra-logs")) {
      if (new PodLogs(client, selection, System.out).print() == 0) {
        System.err.println("no container has started among the pods chosen");
      }
    } catch (ApiException e) {
      throw new CliException(String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      throw new CliException("the API server does not answer: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
