package io.kubra.node.container;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.ContainerPort;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodSecurityContext;
import io.kubra.model.core.v1.Sysctl;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.node.cgroup.PodCgroups;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.runtime.Labels;
import io.kubra.node.system.NodePaths;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Makes the configuration of a pod's sandbox. */
public final class SandboxConfigs {
  private final NodePaths paths;
  private final PodCgroups cgroups;
  private final PodDns dns;
  private final SecurityContexts security;

  /** Configurations for this node. */
  public SandboxConfigs(
      NodePaths paths, PodCgroups cgroups, PodDns dns, SecurityContexts security) {
    this.paths = paths;
    this.cgroups = cgroups;
    this.dns = dns;
    this.security = security;
  }

  /** The host names of a pod on this cluster. */
  public PodHostname hostname(Pod pod) {
    return PodHostname.of(pod, dns.clusterDomain());
  }

  /**
   * The configuration of a pod's sandbox.
   *
   * @param attempt how many sandboxes the pod had before
   */
  public Cri.PodSandboxConfig of(Pod pod, int attempt) {
    ObjectMeta meta = pod.metadata();
    Cri.LinuxPodSandboxConfig.Builder linux =
        Cri.LinuxPodSandboxConfig.newBuilder()
            .setCgroupParent(cgroups.path(pod))
            .setSecurityContext(security.sandbox(pod));
    PodSecurityContext context = pod.spec().securityContext();
    if (context != null) {
      for (Sysctl sysctl : context.sysctls()) {
        linux.putSysctls(sysctl.name(), sysctl.value());
      }
    }
    Cri.PodSandboxConfig.Builder config =
        Cri.PodSandboxConfig.newBuilder()
            .setMetadata(
                Cri.PodSandboxMetadata.newBuilder()
                    .setName(meta.name())
                    .setNamespace(meta.namespace())
                    .setUid(meta.uid())
                    .setAttempt(attempt))
            .setLogDirectory(paths.podLogs(pod).toString())
            .setDnsConfig(dns.of(pod))
            .putAllLabels(meta.labels())
            .putAllLabels(owner(pod))
            .putAllAnnotations(meta.annotations())
            .putAnnotations(
                Labels.POD_GRACE_PERIOD,
                Long.toString(
                    Objects.requireNonNullElse(pod.spec().terminationGracePeriodSeconds(), 30L)))
            .setLinux(linux);
    if (!Boolean.TRUE.equals(pod.spec().hostNetwork())) {
      config.setHostname(hostname(pod).visible());
      Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream())
          .map(Container::ports)
          .forEach(ports -> ports.forEach(p -> config.addPortMappings(mapping(p))));
    }
    return config.build();
  }

  /** The labels that say whose a sandbox or container is. */
  static Map<String, String> owner(Pod pod) {
    return Map.of(
        Labels.POD_NAME, pod.metadata().name(),
        Labels.POD_NAMESPACE, pod.metadata().namespace(),
        Labels.POD_UID, pod.metadata().uid());
  }

  private static Cri.PortMapping mapping(ContainerPort port) {
    return Cri.PortMapping.newBuilder()
        .setProtocol(
            switch (Objects.requireNonNullElse(port.protocol(), "TCP")) {
              case "UDP" -> Cri.Protocol.UDP;
              case "SCTP" -> Cri.Protocol.SCTP;
              default -> Cri.Protocol.TCP;
            })
        .setContainerPort(port.containerPort())
        .setHostPort(Objects.requireNonNullElse(port.hostPort(), 0))
        .setHostIp(Objects.requireNonNullElse(port.hostIP(), ""))
        .build();
  }
}
