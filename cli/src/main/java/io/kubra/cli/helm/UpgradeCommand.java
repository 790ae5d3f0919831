package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.report.OutputFormat;
import io.kubra.addons.helm.report.StatusReport;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Upgrades a release to another chart or other values. */
@Command(name = "upgrade", description = "upgrade a release")
final class UpgradeCommand extends HelmAction {
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

  @Mixin ReleaseFlags release = new ReleaseFlags();
  @Mixin ChartFlags chart = new ChartFlags();
  @Mixin ValueFlags values = new ValueFlags();
  @Mixin OutputFlag output = new OutputFlag();

  @Override
  void run(HelmSession helm) {
    List<Release> history = helm.releases().history(name);
    boolean fresh =
        install && (history.isEmpty() || history.getLast().status().equals("uninstalled"));
    try (TemporaryFiles temporary = new TemporaryFiles()) {
      HelmOptions options = helm.cluster().text("name", name);
      release.apply(options);
      values.apply(options, temporary);
      chart.apply(helm, options, reference, temporary);
      if (fresh) {
        if (output.format == OutputFormat.TABLE) {
          line("Release \"" + name + "\" does not exist. Installing it now.");
        }
        var unused = helm.call("", HelmFunction.INSTALL, options);
      } else {
        options
            .flag("force", force)
            .flag("resetValues", resetValues)
            .flag("reuseValues", reuseValues)
            .flag("resetThenReuseValues", resetThenReuse)
            .flag("cleanupOnFail", cleanupOnFail);
        var unused = helm.call("UPGRADE FAILED: ", HelmFunction.UPGRADE, options);
      }
    }
    Release done;
    if (release.trial()) {
      int revision = history.isEmpty() ? 1 : history.getLast().revision() + 1;
      String status = fresh ? "pending-install" : "pending-upgrade";
      done = Trial.of(helm, name, revision, status, chart, values, reference);
    } else {
      helm.releases().prune(name, historyMax);
      done = helm.releases().last(name);
    }
    print(output.format.write(done.tree(), () -> table(helm, done, fresh)));
  }

  private String table(HelmSession helm, Release done, boolean fresh) {
    String happy = fresh ? "" : "Release \"" + name + "\" has been upgraded. Happy Helming!\n";
    return happy
        + (release.trial()
            ? StatusReport.ofTrial(done, !release.hideNotes)
            : StatusReport.of(done, false, helm.debug(), !release.hideNotes));
  }
}
