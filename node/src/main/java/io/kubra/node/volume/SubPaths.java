package io.kubra.node.volume;

import io.kubra.node.system.Kernel;
import io.kubra.node.system.MountTable;
import io.kubra.node.system.NodePaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Gives containers a part of a volume. A container of the pod could replace a part of the path by a
 * link that leads out of the volume, so the part is opened step by step without following links and
 * shown to the container at a place of its own.
 */
public final class SubPaths {
  private final NodePaths paths;

  /** Parts of volumes on this node. */
  public SubPaths(NodePaths paths) {
    this.paths = paths;
  }

  /**
   * Makes a part of a volume mountable.
   *
   * @param index the position among the container's mounts
   * @return the path to mount
   */
  public Path prepare(
      String podUid, String container, int index, String volumeName, Path volume, String subPath)
      throws VolumeException, IOException {
    Path relative = Path.of(subPath);
    if (relative.isAbsolute() || relative.startsWith("..") || hasParent(relative)) {
      throw new VolumeException("subPath \"" + subPath + "\" must stay within the volume");
    }
    Path base = volume.toRealPath();
    Path wanted = base.resolve(relative);
    if (!Files.exists(wanted)) {
      create(base, relative);
    }
    Path real = wanted.toRealPath();
    if (!real.startsWith(base)) {
      throw new VolumeException(
          "subpath \"" + subPath + "\" is not within volume path \"" + base + "\"");
    }
    Path target =
        paths
            .pod(podUid)
            .resolve("volume-subpaths")
            .resolve(volumeName)
            .resolve(container)
            .resolve(Integer.toString(index));
    while (MountTable.mounted(target)) {
      Kernel.unmount(target);
    }
    Trees.delete(target);
    Files.createDirectories(target.getParent());
    if (Files.isDirectory(real)) {
      Files.createDirectory(target);
    } else {
      Files.createFile(target);
    }
    int descriptor = Kernel.openBelow(base, base.relativize(real));
    try {
      // Whoever looks at this path sees the very file that was opened.
      String source = "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
      Kernel.mount(source, target, "", Kernel.MS_BIND | Kernel.MS_REC, "");
    } finally {
      Kernel.close(descriptor);
    }
    return target;
  }

  private static boolean hasParent(Path path) {
    for (Path name : path) {
      if (name.toString().equals("..")) {
        return true;
      }
    }
    return false;
  }

  /** Creates the missing folders of a path, none of them through a link that leads outside. */
  private static void create(Path base, Path relative) throws VolumeException, IOException {
    Path at = base;
    int mode = (Integer) Files.getAttribute(base, "unix:mode") & 07777;
    for (Path name : relative) {
      at = at.resolve(name);
      if (!Files.exists(at)) {
        Files.createDirectory(at);
        Files.setAttribute(at, "unix:mode", mode);
      }
      if (!at.toRealPath().startsWith(base)) {
        throw new VolumeException(
            "subpath \"" + relative + "\" is not within volume path \"" + base + "\"");
      }
    }
  }
}
