package io.kubra.node.pod;

import io.kubra.node.action.Actions;
import io.kubra.node.action.Hooks;
import io.kubra.node.cgroup.PodCgroups;
import io.kubra.node.container.ContainerConfigs;
import io.kubra.node.container.Environment;
import io.kubra.node.container.SandboxConfigs;
import io.kubra.node.cri.CriClient;
import io.kubra.node.image.ImagePuller;
import io.kubra.node.logs.ContainerLogs;
import io.kubra.node.metrics.PodMetrics;
import io.kubra.node.objects.ClusterObjects;
import io.kubra.node.probe.ProbeMetrics;
import io.kubra.node.runtime.PodRuntimes;
import io.kubra.node.status.StatusPublisher;
import io.kubra.node.system.BackOff;
import io.kubra.node.system.NodePaths;
import io.kubra.node.volume.PodVolumes;
import io.kubra.node.volume.SubPaths;
import java.time.InstantSource;

/**
 * What all pod workers share.
 *
 * @param network whether pods can get a network now
 * @param restarts the pauses before containers are restarted
 */
record PodContext(
    CriClient cri,
    String runtimeName,
    PodRuntimes runtimes,
    ClusterObjects objects,
    NodePaths paths,
    PodCgroups cgroups,
    PodVolumes volumes,
    SubPaths subPaths,
    SandboxConfigs sandboxes,
    ContainerConfigs containers,
    Environment environment,
    Environment.NodeFacts node,
    Network network,
    ImagePuller images,
    Actions actions,
    ProbeMetrics probeMetrics,
    PodMetrics metrics,
    Hooks hooks,
    ContainerLogs logs,
    BackOff restarts,
    StatusPublisher statuses,
    PodEvents events,
    InstantSource clock) {
  /** The state of the runtime's network. */
  interface Network {
    /** Why pods cannot get a network, or the empty string if they can. */
    String problem();
  }
}
