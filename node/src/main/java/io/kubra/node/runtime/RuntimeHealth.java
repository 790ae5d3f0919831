package io.kubra.node.runtime;

import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.v1.Cri;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Whether the runtime and its network work, asked for no more often than useful. */
public final class RuntimeHealth {
  private static final Duration WHILE_WELL = Duration.ofSeconds(5);
  private static final Duration WHILE_ILL = Duration.ofMillis(200);

  private final CriClient cri;
  private final InstantSource clock;
  private String runtimeProblem = "container runtime status check may not have completed yet";
  private String networkProblem = "";
  private Instant asked = Instant.EPOCH;

  /** Asks through the client. */
  public RuntimeHealth(CriClient cri, InstantSource clock) {
    this.cri = cri;
    this.clock = clock;
  }

  /** Why the runtime does not work; empty if it does. */
  public synchronized String runtimeProblem() {
    refresh();
    return runtimeProblem;
  }

  /** Why the runtime's network does not work; empty if it does. */
  public synchronized String networkProblem() {
    refresh();
    return networkProblem;
  }

  private void refresh() {
    boolean well = runtimeProblem.isEmpty() && networkProblem.isEmpty();
    Instant now = clock.instant();
    if (Duration.between(asked, now).compareTo(well ? WHILE_WELL : WHILE_ILL) < 0) {
      return;
    }
    asked = now;
    try {
      String runtime = "";
      String network = "";
      for (Cri.RuntimeCondition c : cri.status().getStatus().getConditionsList()) {
        if (!c.getStatus() && c.getType().equals("RuntimeReady")) {
          runtime = "container runtime not ready: " + text(c);
        } else if (!c.getStatus() && c.getType().equals("NetworkReady")) {
          network = "container runtime network not ready: " + text(c);
        }
      }
      runtimeProblem = runtime;
      networkProblem = network;
    } catch (CriException e) {
      runtimeProblem = "container runtime is down";
      cri.reconnect();
    }
  }

  private static String text(Cri.RuntimeCondition c) {
    return c.getType()
        + "="
        + c.getStatus()
        + " reason:"
        + c.getReason()
        + " message:"
        + c.getMessage();
  }
}
