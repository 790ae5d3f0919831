package io.kubra.cli.local;

import io.kubra.cli.process.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The mounts of this process's mount namespace. */
final class Mounts {
  private Mounts() {}

  /** Every mount point, in the order of mounting. */
  static List<Path> all() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
          .map(line -> Path.of(line.split(" ")[4].replace("\\040", " ")))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isMountPoint(Path path) {
    return all().contains(path);
  }

  static void unmount(Path path) {
    while (isMountPoint(path)) {
      Run.check("umount", "--lazy", path.toString());
    }
  }

  /** Unmounts everything at and below a folder, the deepest first. */
  static void unmountBelow(Path folder) {
    for (Path mount : all().reversed()) {
      if (mount.startsWith(folder)) {
        Run.attempt("umount", "--lazy", mount.toString());
      }
    }
  }

  /** Makes a folder a mount of its own that shares nothing, as pinned mount namespaces need. */
  static void makePrivate(Path folder) {
    if (!isMountPoint(folder)) {
      Run.check("mount", "--bind", folder.toString(), folder.toString());
      Run.check("mount", "--make-private", folder.toString());
    }
  }
}
