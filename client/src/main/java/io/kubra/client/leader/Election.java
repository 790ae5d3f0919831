package io.kubra.client.leader;

import java.time.Duration;

/**
 * An office that one of several candidates holds, and how this candidate runs for it.
 *
 * @param namespace the namespace of the Lease
 * @param name the name of the Lease
 * @param identity names this candidate; no two that live at the same time may share it, and whoever
 *     comes with the identity of a dead one takes over its lease at once
 * @param component the source of the events about the office
 * @param timing how long a lease lasts and when it is renewed
 */
public record Election(
    String namespace, String name, String identity, String component, Timing timing) {
  /** Upstream's jitter: candidates wait up to this factor longer than asked. */
  static final double JITTER = 1.2;

  /**
   * The times of an election.
   *
   * @param lease how long a lease is respected after its last renewal was seen
   * @param renewDeadline how long a leader tries to renew before it gives up
   * @param retry the pause between attempts
   */
  public record Timing(Duration lease, Duration renewDeadline, Duration retry) {
    /** Upstream's defaults for its own components. */
    public static final Timing DEFAULT =
        new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));

    /**
     * Checks the times.
     *
     * @throws IllegalArgumentException if a leader could still lead when its lease is taken
     */
    public Timing {
      if (lease.compareTo(renewDeadline) <= 0) {
        throw new IllegalArgumentException("leaseDuration must be greater than renewDeadline");
      }
      if (renewDeadline.toNanos() <= retry.toNanos() * JITTER) {
        throw new IllegalArgumentException(
            "renewDeadline must be greater than retryPeriod*JitterFactor");
      }
      if (lease.toSeconds() < 1 || retry.toNanos() < 1) {
        throw new IllegalArgumentException("leaseDuration and retryPeriod must be positive");
      }
    }
  }

  /** An office in {@code kube-system} with upstream's times. */
  public static Election ofSystem(String name, String identity, String component) {
    return new Election("kube-system", name, identity, component, Timing.DEFAULT);
  }
}
