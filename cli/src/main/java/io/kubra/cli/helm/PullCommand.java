package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.render.ChartArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads charts. */
@Command(
    name = "pull",
    aliases = {"fetch"},
    description = "download a chart from a repository and (optionally) unpack it")
final class PullCommand extends HelmAction {
  @Parameters(arity = "1..*", paramLabel = "CHART")
  List<String> charts = List.of();

  @Option(
      names = {"-d", "--destination"},
      description = "location to write the chart")
  Path destination = Path.of(".");

  @Option(names = "--untar", description = "untar the chart after downloading it")
  boolean untar;

  @Option(names = "--untardir", description = "where to expand the chart, if untar is given")
  Path untarFolder = Path.of(".");

  @Mixin ChartFlags flags = new ChartFlags();

  @Override
  void run(HelmSession helm) {
    for (String chart : charts) {
      try (TemporaryFiles temporary = new TemporaryFiles()) {
        Path archive = ChartDownload.of(helm, flags, chart, temporary);
        if (untar) {
          try (InputStream in = Files.newInputStream(archive)) {
            ChartArchive.unpack(in, destination.resolve(untarFolder));
          }
        } else {
          Path target = destination.resolve(archive.getFileName().toString());
          Files.copy(archive, target, StandardCopyOption.REPLACE_EXISTING);
        }
      } catch (IOException e) {
        throw new HelmException(e.toString(), e);
      }
    }
  }
}
