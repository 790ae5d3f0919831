package io.kubra.conformance.cluster;

import java.time.Duration;

/**
 * How long a run waits for what a cluster does by itself.
 *
 * @param soon for reactions to a change
 * @param run for pods to come up, end or start again
 * @param call for a command in a pod
 */
public record Pace(Duration soon, Duration run, Duration call) {
  /** What clusters with some load still keep. */
  public static final Pace USUAL =
      new Pace(Duration.ofSeconds(20), Duration.ofSeconds(45), Duration.ofSeconds(10));
}
