package io.kubra.node.volume;

import io.kubra.client.ApiClient;
import io.kubra.model.core.v1.HostPathVolumeSource;
import io.kubra.model.core.v1.LocalVolumeSource;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodSecurityContext;
import io.kubra.model.core.v1.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Claims bound to volumes that are folders of this node: local and hostPath. */
final class ClaimPlugin implements VolumePlugin {
  private final ApiClient client;
  private final Map<String, MountedVolume> mounted = new ConcurrentHashMap<>();

  ClaimPlugin(ApiClient client) {
    this.client = client;
  }

  @Override
  public boolean handles(Volume volume) {
    return volume.persistentVolumeClaim() != null || volume.ephemeral() != null;
  }

  @Override
  public MountedVolume mount(Pod pod, Volume volume) throws VolumeException, IOException {
    // What a claim is bound to never changes: once in place it stays.
    String key = pod.metadata().uid() + "/" + volume.name();
    MountedVolume known = mounted.get(key);
    if (known != null) {
      return known;
    }
    var source = volume.persistentVolumeClaim();
    String name = source == null ? pod.metadata().name() + "-" + volume.name() : source.claimName();
    boolean readOnly = source != null && Boolean.TRUE.equals(source.readOnly());
    PersistentVolumeClaim claim =
        client
            .resource(PersistentVolumeClaim.RESOURCE)
            .find(pod.metadata().namespace(), name)
            .orElseThrow(
                () -> new VolumeException("persistentvolumeclaim \"" + name + "\" not found"));
    String bound = claim.spec().volumeName();
    if (bound == null || bound.isEmpty() || !"Bound".equals(claim.status().phase())) {
      throw new VolumeException(
          "PVC \"" + pod.metadata().namespace() + "/" + name + "\" is not bound");
    }
    PersistentVolume pv =
        client
            .resource(PersistentVolume.RESOURCE)
            .find("", bound)
            .orElseThrow(() -> new VolumeException("persistentvolume \"" + bound + "\" not found"));
    MountedVolume result = new MountedVolume(path(pod, pv), readOnly);
    mounted.put(key, result);
    return result;
  }

  private static Path path(Pod pod, PersistentVolume pv) throws VolumeException, IOException {
    LocalVolumeSource local = pv.spec().local();
    HostPathVolumeSource hostPath = pv.spec().hostPath();
    if (hostPath != null) {
      return HostPathPlugin.check(hostPath);
    }
    if (local == null) {
      throw new VolumeException(
          "persistentvolume \"" + pv.metadata().name() + "\" is of a type this node cannot mount");
    }
    Path path = Path.of(local.path());
    if (!Files.exists(path)) {
      throw new VolumeException("path \"" + path + "\" does not exist");
    }
    PodSecurityContext context =
        Objects.requireNonNullElse(pod.spec().securityContext(), PodSecurityContext.empty());
    if (context.fsGroup() != null) {
      Trees.give(path, context.fsGroup(), false);
    }
    return path;
  }

  void forget(String podUid) {
    mounted.keySet().removeIf(key -> key.startsWith(podUid + "/"));
  }
}
