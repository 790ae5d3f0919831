package io.kubra.node.status;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.ContainerStatus;
import io.kubra.model.core.v1.HostIP;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodIP;
import io.kubra.model.core.v1.PodStatus;
import io.kubra.node.container.EphemeralContainers;
import io.kubra.node.resources.QosClass;
import io.kubra.node.runtime.PodRuntime;
import io.kubra.node.runtime.RuntimeContainer;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Computes a pod's status. A pure function of what is known. */
public final class PodStatuses {
  /** What the probes found. */
  public interface ProbeAnswers {
    /** Whether a running container counts as started. */
    boolean started(Container container, String containerId);

    /** Whether a running container counts as ready. */
    boolean ready(Container container, String containerId);
  }

  /** Finds what an ended container left to say. */
  public interface LastWords {
    /** The text, or null. */
    @Nullable String of(RuntimeContainer container);
  }

  /**
   * An end that comes from outside the containers.
   *
   * @param reason for example DeadlineExceeded
   */
  public record Verdict(String reason, String message) {}

  /**
   * All that a status depends on.
   *
   * @param previous the last status known
   * @param failures why containers could not be started, by name
   * @param terminated whether nothing of the pod runs any more, nor ever will
   * @param verdict the pod failed for a reason of its own, or null
   * @param runtimeName the scheme of container ids, such as containerd
   */
  public record Inputs(
      Pod pod,
      PodStatus previous,
      PodRuntime runtime,
      ProbeAnswers probes,
      Map<String, StartFailure> failures,
      LastWords lastWords,
      boolean terminated,
      @Nullable Verdict verdict,
      String runtimeName,
      List<String> hostIps,
      Instant now) {}

  private PodStatuses() {}

  /** The status. */
  public static PodStatus compute(Inputs in) {
    Pod pod = in.pod;
    PodStatus previous = in.previous;
    ContainerStatuses statuses = new ContainerStatuses(in);
    List<ContainerStatus> init =
        statuses.of(pod.spec().initContainers(), previous.initContainerStatuses(), true);
    List<ContainerStatus> containers =
        statuses.of(pod.spec().containers(), previous.containerStatuses(), false);
    String phase = phase(in, init, containers);
    boolean hostNetwork = Boolean.TRUE.equals(pod.spec().hostNetwork());
    List<String> ips = hostNetwork ? in.hostIps : in.runtime.ips();
    if (ips.isEmpty() || (hostNetwork && in.runtime.readySandbox() == null)) {
      // A pod that has ended keeps the addresses it had.
      ips = previous.podIPs().stream().map(PodIP::ip).toList();
    }
    boolean sandboxReady = in.runtime.readySandbox() != null && !ips.isEmpty();
    PodConditions conditions = new PodConditions(pod, previous.conditions(), in.now);
    List<ContainerStatus> sorted =
        containers.stream().sorted(Comparator.comparing(ContainerStatus::name)).toList();
    PodStatus.Builder status =
        previous.toBuilder()
            .phase(phase)
            .observedGeneration(pod.metadata().generation())
            .conditions(conditions.of(phase, sandboxReady, init, containers))
            .initContainerStatuses(init)
            .containerStatuses(sorted)
            .ephemeralContainerStatuses(ephemeral(in, statuses))
            .startTime(
                Objects.requireNonNullElse(previous.startTime(), ContainerStatuses.seconds(in.now)))
            .qosClass(QosClass.of(pod).text());
    if (!in.hostIps.isEmpty()) {
      status
          .hostIP(in.hostIps.getFirst())
          .hostIPs(in.hostIps.stream().map(ip -> HostIP.builder().ip(ip).build()).toList());
    }
    if (!ips.isEmpty()) {
      status
          .podIP(ips.getFirst())
          .podIPs(ips.stream().map(ip -> PodIP.builder().ip(ip).build()).toList());
    }
    if (in.verdict != null && !ended(previous)) {
      status.reason(in.verdict.reason).message(in.verdict.message);
    }
    return status.build();
  }

  /** Nothing waits for these containers, so they are neither ready nor started. */
  private static List<ContainerStatus> ephemeral(Inputs in, ContainerStatuses statuses) {
    return statuses
        .of(EphemeralContainers.of(in.pod), in.previous.ephemeralContainerStatuses(), false)
        .stream()
        .map(status -> status.toBuilder().ready(false).started(null).build())
        .toList();
  }

  private static String phase(
      Inputs in, List<ContainerStatus> init, List<ContainerStatus> containers) {
    if (ended(in.previous)) {
      return Objects.requireNonNull(in.previous.phase());
    }
    if (in.verdict != null) {
      return in.terminated ? "Failed" : running(in.previous);
    }
    String phase = PodPhase.of(in.pod.spec(), init, containers, in.terminated);
    boolean over = phase.equals("Succeeded") || phase.equals("Failed");
    // The end is announced only when nothing runs any more, sidecars included.
    return over && !in.terminated && in.runtime.anyRunning() ? running(in.previous) : phase;
  }

  private static String running(PodStatus previous) {
    return Objects.requireNonNullElse(previous.phase(), "Pending");
  }

  /** Whether a status says that the pod has ended for good. */
  public static boolean ended(PodStatus status) {
    return "Succeeded".equals(status.phase()) || "Failed".equals(status.phase());
  }

  /** Whether all main containers have ended and none will be started again. */
  public static boolean finished(Pod pod, PodStatus status) {
    String phase =
        PodPhase.of(pod.spec(), status.initContainerStatuses(), status.containerStatuses(), false);
    return phase.equals("Succeeded") || phase.equals("Failed");
  }
}
