package io.kubra.cli.helm;

import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.report.StatusReport;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the status of a release. */
@Command(name = "status", description = "display the status of the named release")
final class StatusCommand extends HelmAction {
  @Parameters(paramLabel = "RELEASE")
  String name = "";

  @Option(names = "--revision", description = "the revision to show")
  int revision;

  @Mixin OutputFlag output = new OutputFlag();

  @Override
  void run(HelmSession helm) {
    Release release = helm.releases().get(name, revision);
    Map<String, Object> tree = new LinkedHashMap<>(release.tree());
    tree.remove("chart");
    print(output.format.write(tree, () -> StatusReport.of(release, true, false, true)));
  }
}
