package io.kubra.cli.command;

import io.kubra.cli.CliException;
import io.kubra.cli.config.Part;
import io.kubra.cli.local.ConsoleAccess;
import io.kubra.cli.local.LocalCluster;
import io.kubra.cli.local.LocalClusters;
import io.kubra.client.ApiClient;
import io.kubra.client.KubeConfig;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says where the web pages of a cluster's parts are. */
@Command(
    name = "open",
    description = "Say where a part of the cluster can be looked at with a browser.",
    mixinStandardHelpOptions = true,
    subcommands = {OpenCommand.ConsolePages.class, OpenPrometheus.class, OpenAlertmanager.class})
public final class OpenCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name what to open: " + String.join(", ", spec.subcommands().keySet()));
  }

  /** The status pages. */
  @Command(
      name = "console",
      description = {
        "Print the address of the status pages, with a token that may read everything but secrets.",
        "The token is good for eight hours; kubectl delete serviceaccount -n kube-system"
            + " kubra-console-viewer withdraws it."
      },
      mixinStandardHelpOptions = true)
  static final class ConsolePages implements Runnable {
    @Mixin private ClusterName name = new ClusterName();
    @Spec private CommandSpec spec;

    @Override
    public void run() {
      LocalCluster cluster = LocalClusters.get(name.name);
      if (!cluster.configuration().enabled(Part.CONSOLE)) {
        throw new CliException(
            "the status pages of " + cluster.name() + " are off: kubra up --enable console");
      }
      String token;
      try (ApiClient client =
          ApiClient.https(KubeConfig.read(cluster.kubeconfig()), "kubra-open")) {
        token = new ConsoleAccess(client).token();
      } catch (IOException e) {
        throw new CliException(
            cluster.kubeconfig() + " cannot be read; only root may, and only after kubra up");
      }
      PrintWriter out = spec.commandLine().getOut();
      out.printf("https://127.0.0.1:%d/login#token=%s%n", cluster.consolePort(), token);
      out.flush();
      spec.commandLine()
          .getErr()
          .printf(
              "The page's certificate is of the cluster's own authority, %s%n",
              cluster.serverData().resolve("pki/ca.crt"));
    }
  }
}
