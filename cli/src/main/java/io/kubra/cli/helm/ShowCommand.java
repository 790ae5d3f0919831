package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what a chart holds. */
@Command(
    name = "show",
    aliases = {"inspect"},
    description = "show information of a chart")
final class ShowCommand extends HelmAction {
  @Parameters(index = "0", paramLabel = "all|chart|crds|readme|values")
  String what = "";

  @Parameters(index = "1", paramLabel = "CHART")
  String chart = "";

  @Mixin ChartFlags flags = new ChartFlags();

  @Override
  void run(HelmSession helm) {
    try (TemporaryFiles temporary = new TemporaryFiles()) {
      HelmOptions options = new HelmOptions().text("outputFormat", what);
      if (flags.repo != null) {
        options.text("path", ChartDownload.of(helm, flags, chart, temporary).toString());
      } else {
        options.text("path", chart).text("version", flags.wanted());
        flags.tls.apply(options, "insecure", true);
      }
      print(helm.call(HelmFunction.SHOW, options).text());
    }
  }
}
