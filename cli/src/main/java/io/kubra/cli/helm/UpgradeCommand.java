package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.report.OutputFormat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Upgrades a release to another chart or other values. */
@Command(name = "upgrade", description = "upgrade a release")
final class UpgradeCommand extends DeployCommand {
  @Parameters(index = "0", paramLabel = "RELEASE")
  String name = "";

  @Parameters(index = "1", paramLabel = "CHART")
  String reference = "";

  @Option(
      names = {"-i", "--install"},
      description = "if a release by this name doesn't already exist, run an install")
  boolean install;

  @Option(names = "--force", description = "replace objects that cannot be patched")
  boolean force;

  @Option(names = "--reset-values", description = "use the chart's values, not the last release's")
  boolean resetValues;

  @Option(names = "--reuse-values", description = "use the last release's values, and merge")
  boolean reuseValues;

  @Option(
      names = "--reset-then-reuse-values",
      description = "use the chart's values, then the last release's, and merge")
  boolean resetThenReuse;

  @Option(names = "--cleanup-on-fail", description = "delete what a failed upgrade created")
  boolean cleanupOnFail;

  @Option(names = "--history-max", description = "revisions kept per release; 0 for no limit")
  int historyMax = 10;

  @Override
  void run(HelmSession helm) {
    List<Release> history = helm.releases().history(name);
    boolean fresh =
        install && (history.isEmpty() || history.getLast().status().equals("uninstalled"));
    if (fresh) {
      if (output.format == OutputFormat.TABLE) {
        line("Release \"" + name + "\" does not exist. Installing it now.");
      }
      report(helm, deploy(helm, "", HelmFunction.INSTALL, name, reference, new HelmOptions()), "");
      return;
    }
    HelmOptions options =
        new HelmOptions()
            .flag("force", force)
            .flag("resetValues", resetValues)
            .flag("reuseValues", reuseValues)
            .flag("resetThenReuseValues", resetThenReuse)
            .flag("cleanupOnFail", cleanupOnFail);
    Release done = deploy(helm, "UPGRADE FAILED: ", HelmFunction.UPGRADE, name, reference, options);
    if (!release.trial()) {
      helm.releases().prune(name, historyMax);
    }
    report(helm, done, "Release \"" + name + "\" has been upgraded. Happy Helming!\n");
  }
}
