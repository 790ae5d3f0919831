package io.kubra.cli.helm;

import io.kubra.addons.helm.report.OutputFormat;
import picocli.CommandLine.Option;

/** In which format results are printed. */
final class OutputFlag {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json|yaml",
      description = "prints the output in the specified format")
  OutputFormat format = OutputFormat.TABLE;
}
