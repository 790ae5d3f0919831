package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps a chart's dependencies. */
@Command(
    name = "dependency",
    aliases = {"dep", "dependencies"},
    description = "manage a chart's dependencies",
    subcommands = {
      DependencyCommand.Build.class,
      DependencyCommand.Update.class,
      DependencyCommand.Dependencies.class
    })
final class DependencyCommand {
  private DependencyCommand() {}

  /** A command on the dependencies of one chart. */
  abstract static class OfChart extends HelmAction {
    @Parameters(arity = "0..1", paramLabel = "CHART")
    String chart = ".";

    abstract HelmFunction function();

    HelmOptions options() {
      return new HelmOptions().text("path", chart);
    }

    @Override
    final void run(HelmSession helm) {
      print(helm.call(function(), options()).text());
    }
  }

  /** A command that downloads. */
  abstract static class Fetching extends OfChart {
    @Option(names = "--skip-refresh", description = "do not refresh the local repository cache")
    boolean skipRefresh;

    @Override
    HelmOptions options() {
      return super.options().flag("skipRefresh", skipRefresh);
    }
  }

  /** By the lock file. */
  @Command(name = "build", description = "rebuild the charts/ directory from Chart.lock")
  static final class Build extends Fetching {
    @Override
    HelmFunction function() {
      return HelmFunction.DEPENDENCY_BUILD;
    }
  }

  /** By the chart. */
  @Command(
      name = "update",
      aliases = {"up"},
      description = "update charts/ based on the contents of Chart.yaml")
  static final class Update extends Fetching {
    @Override
    HelmFunction function() {
      return HelmFunction.DEPENDENCY_UPDATE;
    }
  }

  /** Lists them. */
  @Command(
      name = "list",
      aliases = {"ls"},
      description = "list the dependencies for the given chart")
  static final class Dependencies extends OfChart {
    @Override
    HelmFunction function() {
      return HelmFunction.DEPENDENCY_LIST;
    }
  }
}
