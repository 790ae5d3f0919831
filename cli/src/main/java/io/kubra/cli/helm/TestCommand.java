package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.library.HelmResult;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.report.StatusReport;
import io.kubra.api.status.ApiException;
import io.kubra.client.ApiRequest;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the tests of a release. */
@Command(name = "test", description = "run tests for a release")
final class TestCommand extends HelmAction {
  @Parameters(paramLabel = "RELEASE")
  String name = "";

  @Mixin TimeoutFlag timeout = new TimeoutFlag();

  @Option(names = "--logs", description = "dump the logs from test pods")
  boolean logs;

  @Override
  void run(HelmSession helm) {
    HelmOptions options = helm.cluster().text("releaseName", name);
    timeout.apply(options);
    HelmResult result = helm.attempt(HelmFunction.TEST, options);
    if (!helm.releases().history(name).isEmpty()) {
      Release release = helm.releases().last(name);
      print(StatusReport.of(release, false, helm.debug(), true));
      if (logs) {
        release.hooks().stream()
            .filter(hook -> hook.kind().equals("Pod") && hook.events().contains("test"))
            .forEach(hook -> log(helm, hook.name()));
      }
    }
    if (result.failed()) {
      throw new HelmException(result.error());
    }
  }

  private void log(HelmSession helm, String pod) {
    String path = "/api/v1/namespaces/" + helm.namespace() + "/pods/" + pod + "/log";
    try {
      byte[] text = helm.client().call(ApiRequest.get(path));
      line("POD LOGS: " + pod + "\n" + new String(text, StandardCharsets.UTF_8));
    } catch (ApiException e) {
      throw new HelmException("unable to get pod logs for " + pod + ": " + e.message(), e);
    }
  }
}
