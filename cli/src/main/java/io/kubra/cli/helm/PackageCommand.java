package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Packs chart folders into archives. */
@Command(name = "package", description = "package a chart directory into a chart archive")
final class PackageCommand extends HelmAction {
  @Parameters(arity = "1..*", paramLabel = "CHART_PATH")
  List<String> charts = List.of();

  @Option(
      names = {"-d", "--destination"},
      description = "location to write the chart")
  Path destination = Path.of(".");

  @Override
  void run(HelmSession helm) {
    for (String chart : charts) {
      var unused =
          helm.call(
              HelmFunction.PACKAGE,
              new HelmOptions().text("path", chart).text("destination", destination.toString()));
      String metadata =
          helm.call(
                  HelmFunction.SHOW,
                  new HelmOptions().text("path", chart).text("outputFormat", "chart"))
              .text();
      String file = field(metadata, "name") + "-" + field(metadata, "version") + ".tgz";
      line(
          "Successfully packaged chart and saved it to: "
              + destination.toAbsolutePath().normalize().resolve(file));
    }
  }

  private static String field(String metadata, String name) {
    return metadata
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .findFirst()
        .orElse("")
        .substring(name.length() + 2);
  }
}
