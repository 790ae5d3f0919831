package io.kubra.cli;

import io.kubra.cli.command.AgentCommand;
import io.kubra.cli.command.ConformanceCommand;
import io.kubra.cli.command.DownCommand;
import io.kubra.cli.command.HostCommand;
import io.kubra.cli.command.ImageCommand;
import io.kubra.cli.command.KubeconfigCommand;
import io.kubra.cli.command.LogsCommand;
import io.kubra.cli.command.OpenCommand;
import io.kubra.cli.command.ServerCommand;
import io.kubra.cli.command.StatusCommand;
import io.kubra.cli.command.TrainCommand;
import io.kubra.cli.command.UpCommand;
import io.kubra.cli.command.VersionCommand;
import io.kubra.cli.helm.HelmCommand;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The entry point of the {@code kubra} command. */
@Command(
    name = "kubra",
    description = "A Kubernetes platform after the RA2 reference architecture.",
    mixinStandardHelpOptions = true,
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      LogsCommand.class,
      KubeconfigCommand.class,
      ConformanceCommand.class,
      ImageCommand.class,
      HostCommand.class,
      OpenCommand.class,
      ServerCommand.class,
      AgentCommand.class,
      HelmCommand.class,
      VersionCommand.class,
      TrainCommand.class,
      Main.Completion.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(Main::report);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    IParameterExceptionHandler usual = line.getParameterExceptionHandler();
    line.setParameterExceptionHandler(
        (e, given) ->
            HelmCommand.includes(e.getCommandLine())
                ? HelmCommand.report(e)
                : usual.handleParseException(e, given));
    System.exit(line.execute(arguments));
  }

  private static int report(Exception e, CommandLine line, CommandLine.ParseResult result)
      throws Exception {
    if (e instanceof CliException known) {
      line.getErr().println("kubra: " + known.getMessage());
      return known.exitCode();
    }
    if (HelmCommand.includes(line)) {
      return HelmCommand.report(e, line);
    }
    throw e;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Prints a completion script for bash and zsh. */
  @Command(
      name = "completion",
      description = "Print a completion script: source <(kubra completion)",
      mixinStandardHelpOptions = true)
  static final class Completion implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
      spec.commandLine().getOut().print(AutoComplete.bash("kubra", spec.root().commandLine()));
      spec.commandLine().getOut().flush();
    }
  }
}
