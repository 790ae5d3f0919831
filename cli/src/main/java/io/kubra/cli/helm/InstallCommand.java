package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Installs a chart. */
@Command(name = "install", description = "install a chart")
final class InstallCommand extends DeployCommand {
  @Parameters(arity = "1..2", paramLabel = "[NAME] CHART")
  List<String> arguments = List.of();

  @Option(
      names = {"-g", "--generate-name"},
      description = "generate the name (and omit the NAME parameter)")
  boolean generateName;

  @Option(names = "--name-template", description = "specify template used to name the release")
  @Nullable String nameTemplate;

  @Override
  void run(HelmSession helm) {
    HelmOptions options =
        new HelmOptions().flag("generateName", generateName).text("nameTemplate", nameTemplate);
    report(
        helm,
        deploy(
            helm,
            "INSTALLATION FAILED: ",
            HelmFunction.INSTALL,
            name(),
            arguments.getLast(),
            options),
        "");
  }

  private @Nullable String name() {
    if (generateName || nameTemplate != null) {
      if (arguments.size() == 2) {
        throw new HelmException(
            "INSTALLATION FAILED: cannot set --generate-name and also specify a name");
      }
      return null;
    }
    if (arguments.size() < 2) {
      throw new HelmException(
          "INSTALLATION FAILED: must either provide a name or specify --generate-name");
    }
    return arguments.getFirst();
  }
}
