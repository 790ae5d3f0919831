package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.report.ReleaseList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the revisions of a release. */
@Command(
    name = "history",
    aliases = {"hist"},
    description = "fetch release history")
final class HistoryCommand extends HelmAction {
  @Parameters(paramLabel = "RELEASE")
  String name = "";

  @Option(names = "--max", description = "maximum number of revisions to include in history")
  int max = 256;

  @Mixin OutputFlag output = new OutputFlag();

  @Override
  void run(HelmSession helm) {
    List<Release> history = helm.releases().history(name);
    if (history.isEmpty()) {
      throw new HelmException("release: not found");
    }
    int from = max > 0 ? Math.max(0, history.size() - max) : 0;
    print(ReleaseList.history(history.subList(from, history.size()), output.format));
  }
}
