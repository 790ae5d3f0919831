package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Examines charts. */
@Command(name = "lint", description = "examine a chart for possible issues")
final class LintCommand extends HelmAction {
  @Parameters(arity = "0..*", paramLabel = "PATH")
  List<String> paths = List.of(".");

  @Option(names = "--strict", description = "fail on lint warnings")
  boolean strict;

  @Option(names = "--quiet", description = "print only warnings and errors")
  boolean quiet;

  @Override
  void run(HelmSession helm) {
    int failures = 0;
    boolean said = false;
    for (String path : paths) {
      List<String> found =
          helm.call(
                  HelmFunction.LINT,
                  new HelmOptions().text("path", path).flag("strict", strict).flag("quiet", quiet))
              .text()
              .lines()
              .toList();
      List<String> messages = found.subList(0, Math.max(0, found.size() - 1));
      failures += found.getLast().equals("Failed: true") ? 1 : 0;
      if (quiet && messages.isEmpty()) {
        continue;
      }
      said = true;
      line("==> Linting " + path);
      messages.forEach(this::line);
      line("");
    }
    String summary = paths.size() + " chart(s) linted, " + failures + " chart(s) failed";
    if (failures > 0) {
      throw new HelmException(summary);
    }
    if (!quiet || said) {
      line(summary);
    }
  }
}
