package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes a new chart. */
@Command(name = "create", description = "create a new chart with the given name")
final class CreateCommand extends HelmAction {
  @Parameters(paramLabel = "NAME")
  Path name = Path.of(".");

  @Override
  void run(HelmSession helm) {
    Path folder = name.toAbsolutePath().normalize();
    line("Creating " + name);
    var unused =
        helm.call(
            HelmFunction.CREATE,
            new HelmOptions()
                .text("name", folder.getFileName().toString())
                .text("dir", folder.resolveSibling("").toString()));
  }
}
