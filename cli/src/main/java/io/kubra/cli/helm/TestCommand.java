package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmResult;
import io.kubra.addons.helm.report.StatusReport;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the tests of a release. */
@Command(name = "test", description = "run tests for a release")
final class TestCommand extends HelmAction {
  @Parameters(paramLabel = "RELEASE")
  String name = "";

  @Option(
      names = "--timeout",
      converter = GoDuration.class,
      description = "time to wait for any individual Kubernetes operation")
  Duration timeout = Duration.ofSeconds(300);

  @Override
  void run(HelmSession helm) {
    HelmResult result =
        helm.attempt(
            HelmFunction.TEST,
            helm.cluster()
                .text("releaseName", name)
                .number("timeout", (int) Math.max(1, timeout.toSeconds())));
    if (!helm.releases().history(name).isEmpty()) {
      print(StatusReport.of(helm.releases().last(name), false, helm.debug(), true));
    }
    if (result.failed()) {
      throw new HelmException(result.error());
    }
  }
}
