package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.library.HelmResult;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.report.StatusReport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Installs a chart. */
@Command(name = "install", description = "install a chart")
final class InstallCommand extends HelmAction {
  @Parameters(arity = "1..2", paramLabel = "[NAME] CHART")
  List<String> arguments = List.of();

  @Option(
      names = {"-g", "--generate-name"},
      description = "generate the name (and omit the NAME parameter)")
  boolean generateName;

  @Option(names = "--name-template", description = "specify template used to name the release")
  @Nullable String nameTemplate;

  @Mixin ReleaseFlags release = new ReleaseFlags();
  @Mixin ChartFlags chart = new ChartFlags();
  @Mixin ValueFlags values = new ValueFlags();
  @Mixin OutputFlag output = new OutputFlag();

  @Override
  void run(HelmSession helm) {
    String name = name();
    try (TemporaryFiles temporary = new TemporaryFiles()) {
      HelmOptions options = helm.cluster().text("name", name);
      options.flag("generateName", generateName).text("nameTemplate", nameTemplate);
      release.apply(options);
      values.apply(options, temporary);
      chart.apply(helm, options, arguments.getLast(), temporary);
      HelmResult result = helm.call("INSTALLATION FAILED: ", HelmFunction.INSTALL, options);
      if (release.trial()) {
        String used = name == null ? reportedName(result) : name;
        Release trial =
            Trial.of(helm, used, 1, "pending-install", chart, values, arguments.getLast());
        print(
            output.format.write(
                trial.tree(), () -> StatusReport.ofTrial(trial, !release.hideNotes)));
        return;
      }
      Release done = helm.releases().last(name == null ? reportedName(result) : name);
      print(
          output.format.write(
              done.tree(), () -> StatusReport.of(done, false, helm.debug(), !release.hideNotes)));
    }
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

  private static String reportedName(HelmResult result) {
    return result.text().lines().findFirst().orElse("").replaceFirst("^NAME: ", "");
  }
}
