package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Uploads a chart to an OCI registry. */
@Command(name = "push", description = "push a chart to remote")
final class PushCommand extends HelmAction {
  @Parameters(index = "0", paramLabel = "CHART")
  String chart = "";

  @Parameters(index = "1", paramLabel = "REMOTE")
  String remote = "";

  @Mixin TlsFlags tls = new TlsFlags();

  @Override
  void run(HelmSession helm) {
    HelmOptions options = new HelmOptions().text("chart", chart).text("remote", remote);
    tls.apply(options, "insecureSkipTlsVerify", true);
    print(helm.call(HelmFunction.PUSH, options).text());
  }
}
