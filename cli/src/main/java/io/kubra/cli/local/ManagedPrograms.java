package io.kubra.cli.local;

import io.kubra.cli.process.Daemon;
import io.kubra.cli.process.RotatedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The managed programs of a cluster. */
public final class ManagedPrograms {
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** What brings programs; each gives those that the cluster's configuration asks for. */
  private static final List<Function<LocalCluster, List<ManagedProgram>>> SOURCES =
      List.of(Etcd::programs, Monitoring::programs);

  private ManagedPrograms() {}

  /** Those that the cluster should have. */
  public static List<ManagedProgram> of(LocalCluster cluster) {
    return SOURCES.stream().flatMap(source -> source.apply(cluster).stream()).toList();
  }

  /** Stops the programs that no longer belong to the cluster, and removes what is theirs. */
  static void removeOthers(LocalCluster cluster) {
    Set<String> wanted =
        of(cluster).stream().map(ManagedProgram::label).collect(Collectors.toSet());
    List<ProgramPlace> places = new ArrayList<>();
    places.add(ProgramPlace.host(cluster));
    cluster.machines().forEach(machine -> places.add(ProgramPlace.machine(machine)));
    for (ProgramPlace place : places) {
      for (String name : names(place.programs())) {
        if (!wanted.contains(place.label(name))) {
          remove(place, name);
        }
      }
    }
  }

  private static void remove(ProgramPlace place, String name) {
    Daemon daemon = place.daemon(name);
    daemon.stop(GRACE);
    Cgroups.remove(place.cgroup(name));
    Folders.delete(place.folder(name));
    try {
      RotatedLog.of(daemon.logFile()).delete();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(folder)) {
      return folders.map(f -> f.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
