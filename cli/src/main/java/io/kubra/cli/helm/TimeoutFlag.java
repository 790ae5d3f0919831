package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmOptions;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long to wait. */
final class TimeoutFlag {
  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = GoDuration.class,
      description = "time to wait for any individual Kubernetes operation (like Jobs for hooks)")
  Duration timeout = Duration.ofSeconds(300);

  void apply(HelmOptions options) {
    options.number("timeout", (int) Math.max(1, timeout.toSeconds()));
  }
}
