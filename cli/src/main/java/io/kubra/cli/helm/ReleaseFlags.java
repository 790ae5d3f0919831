package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmOptions;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a chart is installed or upgraded. */
final class ReleaseFlags {
  @Option(names = "--create-namespace", description = "create the release namespace if missing")
  boolean createNamespace;

  @Option(names = "--wait", description = "wait until all objects are ready")
  boolean wait;

  @Option(names = "--atomic", description = "undo the change if it fails; implies --wait")
  boolean atomic;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = GoDuration.class,
      description = "time to wait for any individual Kubernetes operation")
  Duration timeout = Duration.ofSeconds(300);

  @Option(names = "--description", description = "add a custom description")
  @Nullable String description;

  @Option(names = "--dependency-update", description = "update dependencies if they are missing")
  boolean dependencyUpdate;

  @Option(
      names = "--disable-openapi-validation",
      description = "do not validate against the Kubernetes OpenAPI Schema")
  boolean noValidation;

  @Option(names = "--skip-crds", description = "install no CRDs")
  boolean skipCrds;

  @Option(names = "--hide-notes", description = "do not show notes")
  boolean hideNotes;

  @Option(
      names = "--dry-run",
      arity = "0..1",
      fallbackValue = "client",
      preprocessor = AttachedOnly.class,
      paramLabel = "client|server",
      description = "simulate the operation")
  String dryRun = "none";

  /** Whether nothing shall change. */
  boolean trial() {
    if (!Set.of("none", "false", "true", "client", "server").contains(dryRun)) {
      throw new HelmException(
          "Invalid dry-run flag. Flag must one of the following: false, true, none, client,"
              + " server");
    }
    return !dryRun.equals("none") && !dryRun.equals("false");
  }

  void apply(HelmOptions options) {
    options
        .flag("createNamespace", createNamespace)
        .flag("wait", wait || atomic)
        .flag("atomic", atomic)
        .number("timeout", (int) Math.max(1, timeout.toSeconds()))
        .text("description", description)
        .flag("dependencyUpdate", dependencyUpdate)
        .flag("disableOpenApiValidation", noValidation)
        .flag("skipCRDs", skipCrds);
    if (trial()) {
      options.flag("dryRun", true).text("dryRunOption", dryRun.equals("true") ? "client" : dryRun);
    }
  }
}
