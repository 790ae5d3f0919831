package io.kubra.node.pod;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.VolumeMount;
import io.kubra.node.container.ConfigException;
import io.kubra.node.container.Expansion;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.system.NodePaths;
import io.kubra.node.volume.MountedVolume;
import io.kubra.node.volume.SubPaths;
import io.kubra.node.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Puts together what a container has mounted. */
final class ContainerMounts {
  private static final String HOSTS = "/etc/hosts";

  private final NodePaths paths;
  private final SubPaths subPaths;

  ContainerMounts(NodePaths paths, SubPaths subPaths) {
    this.paths = paths;
    this.subPaths = subPaths;
  }

  List<Cri.Mount> of(
      Pod pod, Container container, Map<String, MountedVolume> volumes, Map<String, String> env)
      throws ConfigException, IOException {
    List<Cri.Mount> mounts = new ArrayList<>();
    String uid = pod.metadata().uid();
    boolean ownHosts = false;
    for (int i = 0; i < container.volumeMounts().size(); i++) {
      VolumeMount mount = container.volumeMounts().get(i);
      MountedVolume volume = volumes.get(mount.name());
      if (volume == null) {
        throw new ConfigException(
            "cannot find volume \"%s\" to mount into container \"%s\""
                .formatted(mount.name(), container.name()));
      }
      String subPath = subPath(mount, env);
      Path source = volume.path();
      if (!subPath.isEmpty()) {
        try {
          source = subPaths.prepare(uid, container.name(), i, mount.name(), volume.path(), subPath);
        } catch (VolumeException e) {
          throw new ConfigException(
              "failed to prepare subPath for volumeMount \"%s\" of container \"%s\": %s"
                  .formatted(mount.name(), container.name(), e.getMessage()));
        }
      }
      String target = mount.mountPath();
      ownHosts |= target.equals(HOSTS);
      mounts.add(
          Cri.Mount.newBuilder()
              .setContainerPath(target.startsWith("/") ? target : "/" + target)
              .setHostPath(source.toString())
              .setReadonly(Boolean.TRUE.equals(mount.readOnly()) || volume.readOnly())
              .setPropagation(propagation(mount.mountPropagation()))
              .build());
    }
    if (!ownHosts) {
      mounts.add(
          Cri.Mount.newBuilder()
              .setContainerPath(HOSTS)
              .setHostPath(paths.hosts(uid).toString())
              .build());
    }
    mounts.add(
        Cri.Mount.newBuilder()
            .setContainerPath(
                Objects.requireNonNullElse(
                    container.terminationMessagePath(), "/dev/termination-log"))
            .setHostPath(lastWords(uid, container).toString())
            .build());
    return mounts;
  }

  private static String subPath(VolumeMount mount, Map<String, String> env) throws ConfigException {
    String expression = mount.subPathExpr();
    if (expression == null || expression.isEmpty()) {
      return Objects.requireNonNullElse(mount.subPath(), "");
    }
    List<String> missing = new ArrayList<>();
    String expanded =
        Expansion.expand(
            expression,
            name -> {
              String value = env.get(name);
              if (value == null) {
                missing.add(name);
              }
              return value;
            });
    if (!missing.isEmpty()) {
      throw new ConfigException("missing value for \"" + missing.getFirst() + "\"");
    }
    return expanded;
  }

  private static Cri.MountPropagation propagation(@Nullable String mode) {
    return switch (mode) {
      case "HostToContainer" -> Cri.MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
      case "Bidirectional" -> Cri.MountPropagation.PROPAGATION_BIDIRECTIONAL;
      case null, default -> Cri.MountPropagation.PROPAGATION_PRIVATE;
    };
  }

  /** A new empty file, writable by whatever user the container runs as. */
  private Path lastWords(String uid, Container container) throws IOException {
    Path folder = Files.createDirectories(paths.container(uid, container.name()));
    Path file = folder.resolve("%08x".formatted(ThreadLocalRandom.current().nextInt()));
    Files.write(file, new byte[0]);
    Files.setAttribute(file, "unix:mode", 0666);
    return file;
  }
}
