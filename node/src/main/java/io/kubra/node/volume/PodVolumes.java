package io.kubra.node.volume;

import io.kubra.api.status.ApiException;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Volume;
import io.kubra.node.container.Environment;
import io.kubra.node.objects.ClusterObjects;
import io.kubra.node.system.NodePaths;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts all volumes of a pod into place and takes them away. */
public final class PodVolumes {
  /** Told which volume could not be put into place and why. */
  public interface Failures {
    /** The text of the event. */
    void failed(String message);
  }

  private final NodePaths paths;
  private final ServiceAccountTokens tokens;
  private final ClaimPlugin claims;
  private final List<VolumePlugin> plugins;

  /** Volumes on this node. */
  public PodVolumes(
      NodePaths paths, ClusterObjects objects, Environment.NodeFacts node, InstantSource clock) {
    this.paths = paths;
    this.tokens = new ServiceAccountTokens(objects.client(), clock);
    NfsMounts nfs = new NfsMounts(paths);
    this.claims = new ClaimPlugin(objects.client(), nfs);
    this.plugins =
        List.of(
            new ContentsPlugin(paths, objects, node, tokens),
            new EmptyDirPlugin(paths),
            new HostPathPlugin(),
            new NfsPlugin(nfs),
            claims);
  }

  /**
   * Puts all volumes into place, or brings them up to date.
   *
   * @return the volumes by name
   * @throws VolumeException if some could not be; all were tried
   */
  public Map<String, MountedVolume> mount(Pod pod, Failures failures) throws VolumeException {
    Map<String, MountedVolume> mounted = new LinkedHashMap<>();
    VolumeException last = null;
    for (Volume volume : pod.spec().volumes()) {
      try {
        mounted.put(volume.name(), plugin(volume).mount(pod, volume));
      } catch (VolumeException e) {
        last = e;
        failures.failed(text(volume, e.getMessage()));
      } catch (IOException | ApiException | UncheckedIOException e) {
        last = new VolumeException(String.valueOf(e.getMessage()), e);
        failures.failed(text(volume, e.getMessage()));
      }
    }
    if (last != null) {
      throw last;
    }
    return mounted;
  }

  /** The claims' volumes in place whose space can be asked for. */
  public List<ClaimVolume> claims() {
    return claims.measurable();
  }

  private VolumePlugin plugin(Volume volume) throws VolumeException {
    for (VolumePlugin plugin : plugins) {
      if (plugin.handles(volume)) {
        return plugin;
      }
    }
    throw new VolumeException("no volume plugin matched");
  }

  private static String text(Volume volume, @Nullable String why) {
    return "MountVolume.SetUp failed for volume \"%s\" : %s".formatted(volume.name(), why);
  }

  /** Takes everything of a pod away: its volumes and all else the agent keeps for it. */
  public void remove(String podUid) throws IOException {
    tokens.forget(podUid);
    claims.forget(podUid);
    Trees.unmountAndDelete(paths.pod(podUid));
  }
}
