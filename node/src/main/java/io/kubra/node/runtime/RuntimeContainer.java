package io.kubra.node.runtime;

import io.kubra.node.cri.v1.Cri;
import java.time.Instant;

/**
 * A container as the runtime has it.
 *
 * @param sandbox the id of the sandbox it runs in
 * @param status all the runtime says about it
 */
public record RuntimeContainer(String sandbox, Cri.ContainerStatus status) {
  /** The runtime's id. */
  public String id() {
    return status.getId();
  }

  /** The container's name in its pod. */
  public String name() {
    return status.getMetadata().getName();
  }

  /** Whether its process runs. */
  public boolean running() {
    return status.getState() == Cri.ContainerState.CONTAINER_RUNNING;
  }

  /** Whether its process has ended. */
  public boolean exited() {
    return status.getState() == Cri.ContainerState.CONTAINER_EXITED;
  }

  /** Whether its process ended well. */
  public boolean succeeded() {
    return exited() && status.getExitCode() == 0;
  }

  /** How often the container was started before this time. */
  public int restartCount() {
    String count = status.getAnnotationsOrDefault(Labels.RESTART_COUNT, "");
    return count.isEmpty() ? status.getMetadata().getAttempt() : Integer.parseInt(count);
  }

  /** When the process started. */
  public Instant startedAt() {
    return time(status.getStartedAt());
  }

  /** When the process ended. */
  public Instant finishedAt() {
    return time(status.getFinishedAt());
  }

  private static Instant time(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }
}
