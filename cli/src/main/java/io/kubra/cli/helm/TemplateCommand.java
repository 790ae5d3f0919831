package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.render.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Option(
      names = {"-s", "--show-only"},
      paramLabel = "TEMPLATE",
      description = "only show manifests rendered from the given templates")
  List<String> only = List.of();

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      description = "writes the executed templates to files in output-dir instead of stdout")
  @Nullable Path folder;

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
    String text = noHooks ? rendered.manifest() : rendered.text(!skipTests);
    if (!only.isEmpty()) {
      text = Rendered.only(text, only);
    }
    if (folder == null) {
      print(text);
    } else {
      Rendered.files(text).forEach((source, content) -> write(folder.resolve(source), content));
    }
  }

  private void write(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
      line("wrote " + file);
    } catch (IOException e) {
      throw new HelmException(e.toString(), e);
    }
  }
}
