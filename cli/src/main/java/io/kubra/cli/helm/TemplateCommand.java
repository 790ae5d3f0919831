package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Renders a chart without a cluster. */
@Command(name = "template", description = "locally render templates")
final class TemplateCommand extends HelmAction {
  @Parameters(arity = "1..2", paramLabel = "[NAME] CHART")
  List<String> arguments = List.of();

  @Option(names = "--include-crds", description = "include CRDs in the templated output")
  boolean includeCrds;

  @Option(names = "--skip-tests", description = "skip tests from templated output")
  boolean skipTests;

  @Option(names = "--no-hooks", description = "leave hooks out")
  boolean noHooks;

  @Option(names = "--dependency-update", description = "update dependencies if they are missing")
  boolean dependencyUpdate;

  @Option(names = "--kube-version", description = "Kubernetes version for Capabilities.KubeVersion")
  @Nullable String kubeVersion;

  @Mixin ChartFlags chart = new ChartFlags();
  @Mixin ValueFlags values = new ValueFlags();

  @Override
  void run(HelmSession helm) {
    String reference = arguments.getLast();
    HelmOptions options =
        new HelmOptions()
            .text("name", arguments.size() == 2 ? arguments.getFirst() : null)
            .text("kubeVersion", kubeVersion)
            .flag("dependencyUpdate", dependencyUpdate);
    var rendered = Trial.render(helm, options, chart, values, reference);
    if (includeCrds) {
      HelmOptions show = new HelmOptions().text("path", reference).text("outputFormat", "crds");
      String crds = helm.call(HelmFunction.SHOW, show).text().strip();
      if (!crds.isEmpty()) {
        line((crds.startsWith("---") ? "" : "---\n") + crds);
      }
    }
    print(noHooks ? rendered.manifest() : rendered.text(!skipTests));
  }
}
