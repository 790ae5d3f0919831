package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a chart is installed or upgraded. */
final class ReleaseFlags {
  private static final List<String> SYSTEM_LABELS =
      List.of("name", "owner", "status", "version", "createdAt", "modifiedAt");

  @Option(names = "--create-namespace", description = "create the release namespace if missing")
  boolean createNamespace;

  @Option(names = "--wait", description = "wait until all objects are ready")
  private boolean wait;

  @Option(names = "--atomic", description = "undo the change if it fails; implies --wait")
  boolean atomic;

  @Option(
      names = "--wait-for-jobs",
      description = "with --wait, also wait until all Jobs have been completed")
  boolean waitForJobs;

  @Option(
      names = "--take-ownership",
      description = "ignore the check for helm annotations and take ownership of the objects")
  boolean takeOwnership;

  @Option(names = "--no-hooks", description = "prevent hooks from running")
  boolean noHooks;

  @Option(
      names = {"-l", "--labels"},
      paramLabel = "KEY=VALUE",
      split = ",",
      description = "labels to be added to the release metadata; null removes one")
  Map<String, String> labels = Map.of();

  @Mixin TimeoutFlag timeout = new TimeoutFlag();

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

  /** Whether readiness is waited for. */
  boolean awaitsReady() {
    return wait || atomic;
  }

  /** Refuses labels that Helm itself sets. */
  void checkLabels() {
    for (String name : SYSTEM_LABELS) {
      if (labels.containsKey(name)) {
        throw new HelmException(
            "user supplied labels contains system reserved label name. System labels: "
                + SYSTEM_LABELS.toString().replace(",", ""));
      }
    }
  }

  void apply(HelmOptions options) {
    timeout.apply(options);
    options
        .flag("createNamespace", createNamespace)
        .flag("wait", awaitsReady())
        .flag("atomic", atomic)
        .text("description", description)
        .flag("dependencyUpdate", dependencyUpdate)
        .flag("disableOpenApiValidation", noValidation)
        .flag("skipCRDs", skipCrds);
    if (trial()) {
      options.flag("dryRun", true).text("dryRunOption", dryRun.equals("true") ? "client" : dryRun);
    }
  }
}
