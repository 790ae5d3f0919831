package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.release.Hook;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.render.HookedChart;
import io.kubra.addons.helm.render.Rendered;
import io.kubra.api.tree.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

/** Charts rendered without a cluster. */
final class Trial {
  private Trial() {}

  /** Renders a chart with its hooks. */
  static Rendered render(
      HelmSession helm,
      HelmOptions options,
      ChartFlags chart,
      ValueFlags values,
      String reference) {
    try (TemporaryFiles temporary = new TemporaryFiles()) {
      try (HookedChart copy = new HookedChart(source(helm, chart, reference, temporary))) {
        values.apply(options, temporary);
        options.text("chart", copy.chart().toString()).text("namespace", helm.namespace());
        return HookedChart.read(helm.call(HelmFunction.TEMPLATE, options).text());
      }
    }
  }

  /** The chart as a file or folder; downloaded if it is not here. */
  static Path source(
      HelmSession helm, ChartFlags chart, String reference, TemporaryFiles temporary) {
    Path local = Path.of(reference);
    return chart.repo == null && Files.exists(local)
        ? local
        : ChartDownload.of(helm, chart, reference, temporary);
  }

  /** The release that an installation or upgrade would make. */
  static Release of(
      HelmSession helm,
      String name,
      int revision,
      String status,
      ChartFlags chart,
      ValueFlags values,
      String reference) {
    Rendered rendered =
        render(helm, new HelmOptions().text("name", name), chart, values, reference);
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", name);
    Trees.set(tree, OffsetDateTime.now().toString(), "info", "last_deployed");
    Trees.set(tree, status, "info", "status");
    Trees.set(tree, "Dry run complete", "info", "description");
    tree.put("manifest", rendered.manifest());
    tree.put("hooks", rendered.hooks().stream().map(Hook::tree).toList());
    tree.put("version", revision);
    tree.put("namespace", helm.namespace());
    return new Release(tree, Map.of());
  }
}
