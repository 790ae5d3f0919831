package io.kubra.cli.local;

import io.kubra.cli.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The cgroup subtree of a cluster, in every hierarchy this host mounts (v1, v2 or both). */
final class Cgroups {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private Cgroups() {}

  /** The roots of all hierarchies. */
  static List<Path> hierarchies() {
    if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
      return List.of(ROOT);
    }
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders
          .filter(f -> Files.exists(f.resolve("cgroup.procs")) && !Files.isSymbolicLink(f))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new CliException("no cgroups at " + ROOT + ": " + e.getMessage());
    }
  }

  /** Creates the cgroup in every hierarchy and returns its folders. */
  static List<Path> create(String name) {
    List<Path> folders = new ArrayList<>();
    for (Path hierarchy : hierarchies()) {
      Path folder = hierarchy.resolve(name);
      try {
        Files.createDirectories(folder);
        if (hierarchy.endsWith("cpuset")) {
          inheritCpuset(hierarchy, Path.of(name));
        }
      } catch (IOException e) {
        throw new CliException("cannot create cgroup " + folder + ": " + e.getMessage());
      }
      folders.add(folder);
    }
    return folders;
  }

  /** In cgroup v1 a new cpuset is empty and takes no process until it has CPUs and memory nodes. */
  private static void inheritCpuset(Path hierarchy, Path name) throws IOException {
    Path folder = hierarchy;
    for (Path part : name) {
      Path child = folder.resolve(part);
      for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
        if (Files.readString(child.resolve(file)).isBlank()) {
          Files.writeString(child.resolve(file), Files.readString(folder.resolve(file)));
        }
      }
      folder = child;
    }
  }

  /** The pids of all processes in the subtree. */
  static Set<Long> processes(String name) {
    Set<Long> pids = new HashSet<>();
    for (Path hierarchy : hierarchies()) {
      for (Path folder : subtree(hierarchy.resolve(name))) {
        try {
          Files.readAllLines(folder.resolve("cgroup.procs")).stream()
              .map(Long::parseLong)
              .forEach(pids::add);
        } catch (IOException e) {
          // The cgroup went away while we looked: so did its processes.
          continue;
        }
      }
    }
    return pids;
  }

  /** Removes the subtree; its processes must have ended. */
  static void remove(String name) {
    for (Path hierarchy : hierarchies()) {
      List<Path> folders = subtree(hierarchy.resolve(name));
      for (Path folder : folders.reversed()) {
        try {
          Files.deleteIfExists(folder);
        } catch (IOException e) {
          throw new CliException("cannot remove cgroup " + folder + ": " + e.getMessage());
        }
      }
    }
  }

  /** The folder and those below it, parents first. */
  private static List<Path> subtree(Path folder) {
    List<Path> folders = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return folders;
    }
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              folders.add(dir);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw e;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folders;
  }
}
