package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Fetches charts: the library downloads one to show what it holds, and leaves the archive in Helm's
 * cache.
 */
final class ChartDownload {
  private ChartDownload() {}

  /** The archive of a chart in the cache. */
  static Path of(HelmSession helm, ChartFlags flags, String reference, TemporaryFiles temporary) {
    if (flags.repo == null) {
      HelmOptions show =
          new HelmOptions()
              .text("path", reference)
              .text("version", flags.wanted())
              .text("outputFormat", "chart");
      flags.tls.apply(show, "insecure", true);
      return newest(() -> helm.call(HelmFunction.SHOW, show).text());
    }
    HelmOptions render = new HelmOptions().text("name", "download");
    flags.apply(helm, render, reference, temporary);
    // Rendering downloads as well; whether it renders does not matter here.
    return newest(
        () -> {
          var result = helm.attempt(HelmFunction.TEMPLATE, render);
          if (result.failed() && result.error().contains("not found")) {
            throw new HelmException(result.error());
          }
          return "name: " + reference;
        });
  }

  private interface Download {
    String chart();
  }

  private static Path newest(Download download) {
    FileTime start = FileTime.from(Instant.now().minusMillis(10));
    String text = download.chart();
    Object chart = Yaml.parse(text.getBytes(StandardCharsets.UTF_8));
    String name = chart instanceof Map<?, ?> ? Trees.stringOr(chart, "", "name") : "";
    Path cache = HelmFolders.repositoryCache();
    try (Stream<Path> files = Files.list(cache)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(name))
          .filter(
              file ->
                  file.toString().endsWith(".tgz")
                      && !modified(file).toInstant().isBefore(start.toInstant()))
          .max(Comparator.comparing(ChartDownload::modified))
          .orElseThrow(() -> new HelmException("the chart was not downloaded to " + cache));
    } catch (IOException e) {
      throw new HelmException("the chart was not downloaded to " + cache, e);
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
