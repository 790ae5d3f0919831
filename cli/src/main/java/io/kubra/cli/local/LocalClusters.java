package io.kubra.cli.local;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.cli.CliException;
import io.kubra.cli.config.ClusterConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The clusters of this host, as their {@code cluster.json} files describe them. */
public final class LocalClusters {
  private LocalClusters() {}

  /** A cluster by name, if it exists. */
  public static Optional<LocalCluster> find(String name) {
    Path file = LocalCluster.stateRoot().resolve(name).resolve("cluster.json");
    try {
      Map<String, Object> tree = Json.parseObject(Files.readAllBytes(file));
      Path configuration = LocalCluster.stateRoot().resolve(name).resolve("configuration.json");
      return Optional.of(
          new LocalCluster(
              name,
              number(tree, "index"),
              Files.exists(configuration)
                  ? ClusterConfiguration.read(configuration)
                  : ClusterConfiguration.DEFAULT));
    } catch (java.nio.file.NoSuchFileException | java.nio.file.NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new CliException("cannot read " + file + ": " + e.getMessage());
    }
  }

  /**
   * A cluster by name.
   *
   * @throws CliException if there is none
   */
  public static LocalCluster get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new CliException("there is no cluster \"" + name + "\"; start one with: kubra up"));
  }

  /** All clusters. */
  public static List<LocalCluster> all() {
    List<LocalCluster> clusters = new ArrayList<>();
    if (!Files.isDirectory(LocalCluster.stateRoot())) {
      return clusters;
    }
    try (Stream<Path> folders = Files.list(LocalCluster.stateRoot())) {
      folders.sorted().forEach(f -> find(f.getFileName().toString()).ifPresent(clusters::add));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return clusters;
  }

  /**
   * The cluster as it shall be: the existing one with another configuration, or a new one.
   *
   * @throws CliException if an existing one keeps its objects in another store
   */
  public static LocalCluster prepare(String name, ClusterConfiguration configuration) {
    try (HostLock lock = HostLock.take(LocalCluster.runRoot().resolveSibling("kubra.lock"))) {
      return choose(name, configuration);
    }
  }

  private static LocalCluster choose(String name, ClusterConfiguration configuration) {
    Set<Integer> taken = all().stream().map(LocalCluster::index).collect(Collectors.toSet());
    LocalCluster cluster =
        find(name)
            .map(known -> changed(known, configuration))
            .orElseGet(() -> new LocalCluster(name, firstFree(taken), configuration));
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("index", (long) cluster.index());
    try {
      Files.createDirectories(cluster.state());
      configuration.write(cluster.configurationFile());
      Files.write(cluster.state().resolve("cluster.json"), Json.write(tree));
    } catch (IOException e) {
      throw new CliException("cannot write " + cluster.state() + ": " + e.getMessage());
    }
    return cluster;
  }

  private static LocalCluster changed(LocalCluster known, ClusterConfiguration configuration) {
    if (known.configuration().store() != configuration.store()) {
      throw new CliException(
          "cluster %1$s keeps its objects in the %2$s store, and they do not move to %3$s; use another --name, or remove it first: kubra down --name %1$s"
              .formatted(
                  known.name(),
                  known.configuration().store().label(),
                  configuration.store().label()));
    }
    return new LocalCluster(known.name(), known.index(), configuration);
  }

  private static int firstFree(Set<Integer> taken) {
    for (int index = 0; index < LocalCluster.MOST; index++) {
      if (!taken.contains(index)) {
        return index;
      }
    }
    throw new CliException(
        "this host already has "
            + LocalCluster.MOST
            + " clusters; remove one with: kubra down --name …");
  }

  private static int number(Map<String, Object> tree, String field) {
    Long value = Trees.integer(tree, field);
    if (value == null) {
      throw new CliException("cluster.json lacks \"" + field + '"');
    }
    return Math.toIntExact(value);
  }
}
