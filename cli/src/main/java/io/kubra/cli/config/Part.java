package io.kubra.cli.config;

import io.kubra.cli.CliException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the platform that a cluster can do without. Each is switched by its name, which is
 * the constant's in lower case with dashes: {@code kubra up --disable node-exporter}. To add one,
 * add a constant; what it does asks {@code options.enabled(Part.X)}.
 */
public enum Part {
  STORAGE("a default StorageClass that provisions directories of nodes", true, null),
  SANDBOX(
      "gVisor as a RuntimeClass, and in it the privileged pods",
      true,
      null,
      DistributionPackage.of("runsc", "/usr/bin/runsc", "/usr/local/bin/runsc")),
  FEATURES("labels that tell the nodes' hardware and kernel features", true, null),
  METRICS("the metrics API, for kubectl top and autoscaling", true, null),
  MONITORING("Prometheus, node exporter and Alertmanager", true, null),
  PROMETHEUS(
      "collects and queries metrics of the whole cluster",
      true,
      MONITORING,
      DistributionPackage.of("prometheus", "/usr/bin/prometheus")),
  NODE_EXPORTER(
      "metrics of the nodes' hardware and kernel",
      true,
      MONITORING,
      DistributionPackage.of("prometheus-node-exporter", "/usr/bin/prometheus-node-exporter")),
  ALERTMANAGER(
      "groups and forwards alerts",
      true,
      MONITORING,
      DistributionPackage.of("prometheus-alertmanager", "/usr/bin/prometheus-alertmanager")),
  AUDIT("the audit log of the API", false, null),
  CONSOLE("the status page", true, null),
  HELM("HelmChart resources: charts that are kept installed", true, null),
  MANIFESTS("a folder of the server whose manifests are kept applied", true, null);

  private final String description;
  private final boolean onByDefault;
  private final @Nullable Part whole;
  private final List<DistributionPackage> packages;

  Part(
      String description,
      boolean onByDefault,
      @Nullable Part whole,
      DistributionPackage... packages) {
    this.description = description;
    this.onByDefault = onByDefault;
    this.whole = whole;
    this.packages = List.of(packages);
  }

  /** The name that users write. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it brings, in one line. */
  public String description() {
    return description;
  }

  /** Whether a cluster has it unless told otherwise. */
  public boolean onByDefault() {
    return onByDefault;
  }

  /** The part that this one belongs to and is switched with. */
  public Optional<Part> whole() {
    return Optional.ofNullable(whole);
  }

  /** The parts that belong to this one. */
  public List<Part> members() {
    return Arrays.stream(values()).filter(part -> part.whole == this).toList();
  }

  /** The packages that it needs on the machines where it runs. */
  public List<DistributionPackage> packages() {
    return packages;
  }

  /**
   * The part of a name.
   *
   * @throws CliException naming the nearest part, if there is none of this name
   */
  public static Part of(String label) {
    List<String> labels = Arrays.stream(values()).map(Part::label).toList();
    int index = labels.indexOf(label);
    if (index < 0) {
      throw new CliException(
          "there is no part \""
              + label
              + '"'
              + Nearest.to(label, labels).map(n -> "; did you mean \"" + n + "\"?").orElse("")
              + " The parts are "
              + labels.stream().collect(Collectors.joining(", ")));
    }
    return values()[index];
  }
}
