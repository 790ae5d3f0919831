package io.kubra.cli.config;

import io.kubra.api.feature.FeatureGates;
import io.kubra.api.json.Json;
import io.kubra.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster shall be, as {@code kubra.yaml} says it. Every key may be left out.
 *
 * @param workers how many worker machines {@code up} makes, {@code 0} to {@code 50}
 * @param store where objects are kept
 * @param parts which of the platform's parts it has; {@code disable} and {@code enable} in the file
 * @param privilegedRuntime where privileged pods may run
 * @param featureGates Kubernetes' feature gates that differ from their defaults
 * @param apiServer flags of upstream's API server, by their names without dashes before them
 * @param manifests the folder of the server whose manifests are kept applied, absolute; null for
 *     {@code manifests} in the server's data folder
 */
public record ClusterConfiguration(
    int workers,
    StateStore store,
    Parts parts,
    PrivilegedRuntime privilegedRuntime,
    Map<String, Boolean> featureGates,
    Map<String, String> apiServer,
    @Nullable Path manifests) {
  /** What a cluster is when nothing is said. */
  public static final ClusterConfiguration DEFAULT =
      new ClusterConfiguration(
          1,
          StateStore.EMBEDDED,
          Parts.DEFAULT,
          PrivilegedRuntime.SANDBOXED,
          Map.of(),
          Map.of(),
          null);

  private static final int MOST_WORKERS = 50;

  public ClusterConfiguration {
    if (workers < 0 || workers > MOST_WORKERS) {
      throw new CliException(
          "workers takes a number from 0 to " + MOST_WORKERS + ", not " + workers);
    }
    featureGates = Map.copyOf(featureGates);
    apiServer = Map.copyOf(apiServer);
    if (manifests != null && !manifests.isAbsolute()) {
      throw new CliException("manifests takes an absolute path, not " + manifests);
    }
  }

  /** The feature gates in force. */
  public FeatureGates features() {
    return FeatureGates.of(featureGates);
  }

  /** Whether the cluster has the part. */
  public boolean enabled(Part part) {
    return parts.enabled(part);
  }

  /** With another number of workers. */
  public ClusterConfiguration withWorkers(int count) {
    return new ClusterConfiguration(
        count, store, parts, privilegedRuntime, featureGates, apiServer, manifests);
  }

  /** With another store. */
  public ClusterConfiguration withStore(StateStore other) {
    return new ClusterConfiguration(
        workers, other, parts, privilegedRuntime, featureGates, apiServer, manifests);
  }

  /** With other parts. */
  public ClusterConfiguration withParts(Parts others) {
    return new ClusterConfiguration(
        workers, store, others, privilegedRuntime, featureGates, apiServer, manifests);
  }

  /** With another limit on where privileged pods may run. */
  public ClusterConfiguration withPrivilegedRuntime(PrivilegedRuntime other) {
    return new ClusterConfiguration(
        workers, store, parts, other, featureGates, apiServer, manifests);
  }

  /** With other feature gates. */
  public ClusterConfiguration withFeatureGates(Map<String, Boolean> gates) {
    return new ClusterConfiguration(
        workers, store, parts, privilegedRuntime, gates, apiServer, manifests);
  }

  /** With flags of the API server. */
  public ClusterConfiguration withApiServer(Map<String, String> flags) {
    return new ClusterConfiguration(
        workers, store, parts, privilegedRuntime, featureGates, flags, manifests);
  }

  /** With another folder of manifests, absolute. */
  public ClusterConfiguration withManifests(Path folder) {
    return new ClusterConfiguration(
        workers, store, parts, privilegedRuntime, featureGates, apiServer, folder);
  }

  /** The packages of the parts and the store that it has, each once. */
  public List<DistributionPackage> packages() {
    List<DistributionPackage> packages = new ArrayList<>(store.packages());
    for (Part part : Part.values()) {
      if (enabled(part)) {
        packages.addAll(part.packages());
      }
    }
    return packages.stream().distinct().toList();
  }

  /**
   * Reads a file in YAML or JSON.
   *
   * @throws CliException with the line, if it cannot be read, has an unknown key or a wrong value
   */
  public static ClusterConfiguration read(Path file) {
    try {
      return ConfigurationReader.read(file.toString(), Files.readAllBytes(file));
    } catch (java.nio.file.NoSuchFileException e) {
      throw new CliException("there is no file " + file);
    } catch (IOException e) {
      throw new CliException("cannot read " + file + ": " + e.getMessage());
    }
  }

  /** Writes what {@link #read} reads, as JSON, which is read fastest. */
  public void write(Path file) {
    try {
      Files.write(file, json());
    } catch (IOException e) {
      throw new CliException("cannot write " + file + ": " + e.getMessage());
    }
  }

  /** The configuration as JSON; equal configurations give equal bytes. */
  public byte[] json() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("workers", (long) workers);
    tree.put("store", store.label());
    tree.put("disable", labels(parts.disabled()));
    tree.put("enable", labels(parts.enabledBeyondDefault()));
    tree.put("privilegedRuntime", privilegedRuntime.label());
    tree.put("featureGates", new TreeMap<String, Object>(featureGates));
    tree.put("apiServer", new TreeMap<String, Object>(apiServer));
    if (manifests != null) {
      tree.put("manifests", manifests.toString());
    }
    return Json.write(tree);
  }

  private static List<Object> labels(List<Part> parts) {
    return List.copyOf(parts.stream().map(Part::label).toList());
  }
}
