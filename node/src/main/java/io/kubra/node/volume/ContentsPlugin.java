package io.kubra.node.volume;

import io.kubra.model.core.v1.ConfigMapVolumeSource;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.DownwardAPIVolumeSource;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodSecurityContext;
import io.kubra.model.core.v1.ProjectedVolumeSource;
import io.kubra.model.core.v1.SecretVolumeSource;
import io.kubra.model.core.v1.Volume;
import io.kubra.model.core.v1.VolumeProjection;
import io.kubra.node.container.Environment;
import io.kubra.node.container.SecurityContexts;
import io.kubra.node.objects.ClusterObjects;
import io.kubra.node.system.Kernel;
import io.kubra.node.system.MountTable;
import io.kubra.node.system.NodePaths;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Volumes whose files come from the API: configMap, secret, downwardAPI and projected. Those that
 * may hold secrets lie in memory only.
 */
final class ContentsPlugin implements VolumePlugin {
  private static final int DEFAULT_MODE = 0644;

  private final NodePaths paths;
  private final ClusterObjects objects;
  private final Environment.NodeFacts node;
  private final ServiceAccountTokens tokens;

  ContentsPlugin(
      NodePaths paths,
      ClusterObjects objects,
      Environment.NodeFacts node,
      ServiceAccountTokens tokens) {
    this.paths = paths;
    this.objects = objects;
    this.node = node;
    this.tokens = tokens;
  }

  @Override
  public boolean handles(Volume volume) {
    return volume.configMap() != null
        || volume.secret() != null
        || volume.downwardAPI() != null
        || volume.projected() != null;
  }

  /** While the API server cannot be asked, a volume that has its files keeps them. */
  @Override
  public MountedVolume mount(Pod pod, Volume volume) throws VolumeException, IOException {
    try {
      return write(pod, volume);
    } catch (UncheckedIOException | VolumeException e) {
      boolean unreachable =
          e instanceof UncheckedIOException || e.getCause() instanceof UncheckedIOException;
      Path folder = paths.volume(pod.metadata().uid(), plugin(volume), volume.name());
      if (unreachable && AtomicFiles.written(folder)) {
        return new MountedVolume(folder, true);
      }
      throw e;
    }
  }

  private static String plugin(Volume volume) {
    return volume.configMap() != null
        ? "configmap"
        : volume.secret() != null
            ? "secret"
            : volume.downwardAPI() != null ? "downward-api" : "projected";
  }

  private MountedVolume write(Pod pod, Volume volume) throws VolumeException, IOException {
    VolumeContents contents;
    ConfigMapVolumeSource configMap = volume.configMap();
    SecretVolumeSource secret = volume.secret();
    DownwardAPIVolumeSource downward = volume.downwardAPI();
    if (configMap != null) {
      contents = contents(pod, configMap.defaultMode());
      contents.addConfigMap(configMap.name(), configMap.items(), configMap.optional());
    } else if (secret != null) {
      contents = contents(pod, secret.defaultMode());
      contents.addSecret(secret.secretName(), secret.items(), secret.optional());
    } else if (downward != null) {
      contents = contents(pod, downward.defaultMode());
      contents.addDownward(downward.items());
    } else {
      ProjectedVolumeSource projected = Objects.requireNonNull(volume.projected());
      contents = contents(pod, projected.defaultMode());
      for (VolumeProjection source : projected.sources()) {
        project(pod, contents, source);
      }
    }
    Path folder = paths.volume(pod.metadata().uid(), plugin(volume), volume.name());
    Files.createDirectories(folder);
    if (configMap == null && !MountTable.mounted(folder)) {
      Kernel.mount("tmpfs", folder, "tmpfs", 0, "mode=0755");
    }
    Long group = fsGroup(pod);
    if (group != null) {
      Files.setAttribute(folder, "unix:gid", Math.toIntExact(group));
      Files.setAttribute(folder, "unix:mode", 03777);
    } else {
      Files.setAttribute(folder, "unix:mode", 01777);
    }
    var unused = new AtomicFiles(folder, group).write(contents.files());
    return new MountedVolume(folder, true);
  }

  private VolumeContents contents(Pod pod, @Nullable Integer mode) {
    List<String> ips = pod.status().podIPs().stream().map(ip -> ip.ip()).toList();
    return new VolumeContents(pod, objects, node, ips, mode == null ? DEFAULT_MODE : mode);
  }

  private void project(Pod pod, VolumeContents contents, VolumeProjection source)
      throws VolumeException {
    if (source.configMap() != null) {
      contents.addConfigMap(
          source.configMap().name(), source.configMap().items(), source.configMap().optional());
    } else if (source.secret() != null) {
      contents.addSecret(
          source.secret().name(), source.secret().items(), source.secret().optional());
    } else if (source.downwardAPI() != null) {
      contents.addDownward(source.downwardAPI().items());
    } else if (source.serviceAccountToken() != null) {
      Long user = commonUser(pod);
      boolean restricted = user != null || fsGroup(pod) != null;
      contents.addFile(
          source.serviceAccountToken().path(),
          tokens.token(pod, source.serviceAccountToken()),
          restricted ? 0600 : DEFAULT_MODE,
          user == null || fsGroup(pod) != null ? -1 : user);
    } else {
      throw new VolumeException("this projected volume source is not supported on this node");
    }
  }

  private static @Nullable Long fsGroup(Pod pod) {
    PodSecurityContext context = pod.spec().securityContext();
    return context == null ? null : context.fsGroup();
  }

  /** The user all containers run as, or null if they differ or leave it to their images. */
  private static @Nullable Long commonUser(Pod pod) {
    Long common = null;
    for (Container container :
        Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream())
            .toList()) {
      Long user = SecurityContexts.runAsUser(pod, container);
      if (user == null || (common != null && !common.equals(user))) {
        return null;
      }
      common = user;
    }
    return common;
  }
}
