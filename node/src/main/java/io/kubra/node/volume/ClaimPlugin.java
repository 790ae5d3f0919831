package io.kubra.node.volume;

import io.kubra.client.ApiClient;
import io.kubra.client.volume.VolumeClaims;
import io.kubra.model.core.v1.HostPathVolumeSource;
import io.kubra.model.core.v1.LocalVolumeSource;
import io.kubra.model.core.v1.NFSVolumeSource;
import io.kubra.model.core.v1.PersistentVolume;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodSecurityContext;
import io.kubra.model.core.v1.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Claims bound to volumes that are folders of this node, local and hostPath, or NFS shares. */
final class ClaimPlugin implements VolumePlugin {
  private final ApiClient client;
  private final NfsMounts nfs;
  private final Map<String, MountedVolume> mounted = new ConcurrentHashMap<>();
  private final Map<String, ClaimVolume> measurable = new ConcurrentHashMap<>();

  ClaimPlugin(ApiClient client, NfsMounts nfs) {
    this.client = client;
    this.nfs = nfs;
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
    if (claim.metadata().deletionTimestamp() != null) {
      throw new VolumeException("PVC is being deleted");
    }
    if (source == null && !VolumeClaims.belongsTo(claim, pod)) {
      throw new VolumeException(
          "PVC %s was not created for pod %s (pod is not owner)".formatted(claim.key(), pod.key()));
    }
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
    if ("Block".equals(pv.spec().volumeMode())) {
      throw new VolumeException(
          "persistentvolume \"%s\" is a block device, which this node does not support"
              .formatted(bound));
    }
    MountedVolume result = mount(pod, pv, readOnly);
    mounted.put(key, result);
    if (pv.spec().local() != null) {
      measurable.put(
          key,
          new ClaimVolume(
              pod.metadata().uid(),
              volume.name(),
              claim.metadata().namespace(),
              name,
              result.path()));
    }
    return result;
  }

  private MountedVolume mount(Pod pod, PersistentVolume pv, boolean readOnly)
      throws VolumeException, IOException {
    HostPathVolumeSource hostPath = pv.spec().hostPath();
    LocalVolumeSource local = pv.spec().local();
    NFSVolumeSource share = pv.spec().nfs();
    if (hostPath != null) {
      return new MountedVolume(HostPathPlugin.check(hostPath), readOnly);
    }
    if (share != null) {
      return nfs.mount(
          pod.metadata().uid(), pv.metadata().name(), share, pv.spec().mountOptions(), readOnly);
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
    Long group = context.fsGroup();
    if (group != null && !readOnly && !settled(path, context, group)) {
      Trees.give(path, group, false);
    }
    return new MountedVolume(path, readOnly);
  }

  /** Whether the pod is content with what the folder itself shows. */
  private static boolean settled(Path path, PodSecurityContext context, long group)
      throws IOException {
    return "OnRootMismatch".equals(context.fsGroupChangePolicy())
        && (Integer) Files.getAttribute(path, "unix:gid") == group
        && ((Integer) Files.getAttribute(path, "unix:mode") & 02770) == 02770;
  }

  /** Local volumes in place; asking these for their space cannot hang, as a share would. */
  List<ClaimVolume> measurable() {
    return List.copyOf(measurable.values());
  }

  void forget(String podUid) {
    measurable.keySet().removeIf(key -> key.startsWith(podUid + "/"));
    mounted.keySet().removeIf(key -> key.startsWith(podUid + "/"));
  }
}
