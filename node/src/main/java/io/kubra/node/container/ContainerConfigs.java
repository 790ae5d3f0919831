package io.kubra.node.container;

import com.google.protobuf.ByteString;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Lifecycle;
import io.kubra.model.core.v1.Pod;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.resources.Amounts;
import io.kubra.node.resources.KernelLimits;
import io.kubra.node.resources.QosClass;
import io.kubra.node.runtime.Labels;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes the configuration of a container. */
public final class ContainerConfigs {
  private final SecurityContexts security;
  private final boolean unifiedCgroups;
  private final long memoryCapacity;

  /**
   * Configurations for this node.
   *
   * @param unifiedCgroups whether the kernel's control groups are version 2
   * @param memoryCapacity the node's memory in bytes
   */
  public ContainerConfigs(SecurityContexts security, boolean unifiedCgroups, long memoryCapacity) {
    this.security = security;
    this.unifiedCgroups = unifiedCgroups;
    this.memoryCapacity = memoryCapacity;
  }

  /**
   * What a container is made from besides its spec.
   *
   * @param restartCount how often it was started before
   * @param image the image, present on the node
   * @param env its variables
   * @param mounts its mounts
   */
  public record Inputs(
      int restartCount, Cri.Image image, Map<String, String> env, List<Cri.Mount> mounts) {}

  /**
   * The configuration of a container.
   *
   * @throws ConfigException if the container must not run as it would
   */
  public Cri.ContainerConfig of(Pod pod, Container container, Inputs inputs)
      throws ConfigException {
    Map<String, String> env = inputs.env;
    Cri.ContainerConfig.Builder config =
        Cri.ContainerConfig.newBuilder()
            .setMetadata(
                Cri.ContainerMetadata.newBuilder()
                    .setName(container.name())
                    .setAttempt(inputs.restartCount))
            .setImage(
                Cri.ImageSpec.newBuilder()
                    .setImage(inputs.image.getId())
                    .setUserSpecifiedImage(Objects.requireNonNullElse(container.image(), "")))
            .setWorkingDir(Objects.requireNonNullElse(container.workingDir(), ""))
            .addAllMounts(inputs.mounts)
            .putAllLabels(SandboxConfigs.owner(pod))
            .putLabels(Labels.CONTAINER_NAME, container.name())
            .putAnnotations(Labels.RESTART_COUNT, Integer.toString(inputs.restartCount))
            .putAnnotations(Labels.HASH, hash(container))
            .putAnnotations(
                Labels.TERMINATION_MESSAGE_PATH,
                Objects.requireNonNullElse(
                    container.terminationMessagePath(), "/dev/termination-log"))
            .putAnnotations(
                Labels.TERMINATION_MESSAGE_POLICY,
                Objects.requireNonNullElse(container.terminationMessagePolicy(), "File"))
            .putAnnotations(
                Labels.POD_GRACE_PERIOD,
                Long.toString(
                    Objects.requireNonNullElse(pod.spec().terminationGracePeriodSeconds(), 30L)))
            .setLogPath(container.name() + "/" + inputs.restartCount + ".log")
            .setStdin(Boolean.TRUE.equals(container.stdin()))
            .setStdinOnce(Boolean.TRUE.equals(container.stdinOnce()))
            .setTty(Boolean.TRUE.equals(container.tty()))
            .setLinux(
                Cri.LinuxContainerConfig.newBuilder()
                    .setResources(resources(pod, container))
                    .setSecurityContext(security.container(pod, container, inputs.image)));
    for (String word : container.command()) {
      config.addCommand(Expansion.expand(word, env::get));
    }
    for (String word : container.args()) {
      config.addArgs(Expansion.expand(word, env::get));
    }
    env.forEach(
        (name, value) ->
            config.addEnvs(
                Cri.KeyValue.newBuilder().setKey(name).setValue(ByteString.copyFromUtf8(value))));
    Lifecycle lifecycle = container.lifecycle();
    if (lifecycle != null && lifecycle.stopSignal() != null) {
      config.setStopSignal(signal(lifecycle.stopSignal()));
    }
    return config.build();
  }

  private static Cri.Signal signal(String name) throws ConfigException {
    try {
      return Cri.Signal.valueOf(name.replace('+', '_').replace("RTMIN_", "RTMINPLUS"));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("unknown stop signal " + name);
    }
  }

  /** A fingerprint of the parts of a container whose change means a new container. */
  public static String hash(Container container) {
    return Integer.toHexString(Objects.hash(container.name(), container.image()));
  }

  private Cri.LinuxContainerResources resources(Pod pod, Container container) {
    Amounts requests = Amounts.requests(container);
    Amounts limits = Amounts.limits(container);
    Cri.LinuxContainerResources.Builder resources =
        Cri.LinuxContainerResources.newBuilder()
            .setCpuShares(KernelLimits.cpuShares(requests.milliCpu()))
            .setMemoryLimitInBytes(limits.memory())
            .setOomScoreAdj(
                KernelLimits.oomScoreAdjust(QosClass.of(pod), requests.memory(), memoryCapacity));
    if (limits.milliCpu() > 0) {
      resources
          .setCpuPeriod(KernelLimits.CPU_PERIOD)
          .setCpuQuota(KernelLimits.cpuQuota(limits.milliCpu()));
    }
    if (unifiedCgroups) {
      resources.putUnified("memory.oom.group", "1");
    }
    return resources.build();
  }
}
