package io.kubra.node.volume;

import io.kubra.api.quantity.Quantity;
import io.kubra.model.core.v1.EmptyDirVolumeSource;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodSecurityContext;
import io.kubra.model.core.v1.Volume;
import io.kubra.node.system.Kernel;
import io.kubra.node.system.MountTable;
import io.kubra.node.system.NodePaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Scratch space that lives as long as the pod, on the node's disk or in its memory. */
final class EmptyDirPlugin implements VolumePlugin {
  private final NodePaths paths;

  EmptyDirPlugin(NodePaths paths) {
    this.paths = paths;
  }

  @Override
  public boolean handles(Volume volume) {
    return volume.emptyDir() != null;
  }

  @Override
  public MountedVolume mount(Pod pod, Volume volume) throws VolumeException, IOException {
    EmptyDirVolumeSource source = Objects.requireNonNull(volume.emptyDir());
    Path folder = paths.volume(pod.metadata().uid(), "empty-dir", volume.name());
    boolean fresh = !Files.isDirectory(folder);
    Files.createDirectories(folder);
    String medium = Objects.requireNonNullElse(source.medium(), "");
    switch (medium) {
      case "" -> {}
      case "Memory" -> fresh |= mountMemory(folder, source.sizeLimit());
      default -> throw new VolumeException("unknown storage medium \"" + medium + "\"");
    }
    if (fresh) {
      Files.setAttribute(folder, "unix:mode", 0777);
      PodSecurityContext context = pod.spec().securityContext();
      if (context != null && context.fsGroup() != null) {
        Trees.give(folder, context.fsGroup(), false);
      }
    }
    return new MountedVolume(folder, false);
  }

  private static boolean mountMemory(Path folder, @Nullable String sizeLimit) throws IOException {
    if (MountTable.mounted(folder)) {
      return false;
    }
    long size = sizeLimit == null ? 0 : Quantity.parse(sizeLimit).value();
    Kernel.mount("tmpfs", folder, "tmpfs", 0, size > 0 ? "size=" + size : "");
    return true;
  }
}
