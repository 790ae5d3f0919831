package io.kubra.scheduler.plugin;

import io.kubra.scheduler.framework.FilterPlugin;
import io.kubra.scheduler.framework.ScorePlugin;
import io.kubra.scheduler.volume.VolumeReader;
import java.util.List;

/**
 * The plugins in force. The first filter that rejects a node decides the reason that users see, so
 * the order is upstream's.
 */
public record Profile(List<FilterPlugin> filters, List<ScorePlugin> scorers) {
  /** The default profile. */
  public static Profile defaults(VolumeReader volumes) {
    TaintToleration taints = new TaintToleration();
    NodeAffinity affinity = new NodeAffinity();
    NodeResourcesFit fit = new NodeResourcesFit();
    PodTopologySpread spread = new PodTopologySpread();
    InterPodAffinity pods = new InterPodAffinity();
    return new Profile(
        List.of(
            new NodeUnschedulable(),
            taints,
            affinity,
            new NodePorts(),
            fit,
            new VolumeRestrictions(volumes),
            new VolumeBinding(volumes),
            new VolumeZone(volumes),
            spread,
            pods),
        List.of(
            taints, affinity, fit, spread, pods, new BalancedAllocation(), new ImageLocality()));
  }
}
