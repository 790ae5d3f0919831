package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.api.status.ApiException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Helm's commands; the flags here may stand before or after the command's name. */
@Command(
    name = "helm",
    description = "Helm, the package manager for Kubernetes.",
    subcommands = {
      InstallCommand.class,
      UpgradeCommand.class,
      RollbackCommand.class,
      UninstallCommand.class,
      ListCommand.class,
      StatusCommand.class,
      HistoryCommand.class,
      GetCommand.class,
      TestCommand.class,
      TemplateCommand.class,
      LintCommand.class,
      ShowCommand.class,
      CreateCommand.class,
      PackageCommand.class,
      PullCommand.class,
      PushCommand.class,
      RegistryCommand.class,
      RepoCommand.class,
      SearchCommand.class,
      DependencyCommand.class,
      EnvCommand.class,
      HelmVersionCommand.class
    })
public final class HelmCommand implements Runnable {
  @Option(
      names = {"-n", "--namespace"},
      scope = ScopeType.INHERIT,
      paramLabel = "NAMESPACE",
      description = "namespace scope for this request")
  @Nullable String namespace;

  @Option(
      names = "--kubeconfig",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "path to the kubeconfig file")
  @Nullable Path kubeconfig;

  @Option(
      names = "--kube-context",
      scope = ScopeType.INHERIT,
      paramLabel = "NAME",
      description = "name of the kubeconfig context to use")
  @Nullable String context;

  @Option(names = "--debug", scope = ScopeType.INHERIT, description = "enable verbose output")
  boolean debug;

  @Option(
      names = {"-h", "--help"},
      scope = ScopeType.INHERIT,
      usageHelp = true,
      description = "help for this command")
  boolean help;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Whether a command is this one or a part of it. */
  public static boolean includes(CommandLine line) {
    for (CommandLine at = line; at != null; at = at.getParent()) {
      if (at.getCommand() instanceof HelmCommand) {
        return true;
      }
    }
    return false;
  }

  /** Reports a failure as Helm does and returns the exit code; what is a bug is thrown on. */
  public static int report(Exception failure, CommandLine line) throws Exception {
    String text =
        switch (failure) {
          case HelmException known -> known.getMessage();
          case ApiException refused -> refused.getMessage();
          case UncheckedIOException lost -> "Kubernetes cluster unreachable: " + lost.getMessage();
          default -> throw failure;
        };
    line.getErr().println("Error: " + text);
    return 1;
  }

  /** Reports arguments that make no sense as Helm does and returns the exit code. */
  public static int report(ParameterException wrong) {
    String text = wrong.getMessage();
    if (wrong instanceof UnmatchedArgumentException unmatched && unmatched.isUnknownOption()) {
      text = "unknown flag: " + unmatched.getUnmatched().getFirst();
    }
    wrong.getCommandLine().getErr().println("Error: " + text);
    return 1;
  }
}
