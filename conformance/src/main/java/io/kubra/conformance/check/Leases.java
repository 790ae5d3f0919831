package io.kubra.conformance.check;

import io.kubra.api.tree.Trees;
import java.time.Instant;

/** The Leases by which nodes and control plane show that they are alive. */
public final class Leases {
  private static final long RECENT_SECONDS = 60;

  private Leases() {}

  /**
   * When a Lease was renewed.
   *
   * @param at as the API writes it; empty if never, or if there is no such Lease
   */
  public record Renewal(String at) {
    /** Whether that was within the last minute. */
    public boolean recent() {
      return !at.isEmpty() && Instant.parse(at).isAfter(Instant.now().minusSeconds(RECENT_SECONDS));
    }
  }

  /** The last renewal of a Lease. */
  public static Renewal renewal(Context context, String namespace, String name) {
    String path = "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases/" + name;
    return new Renewal(
        context
            .kube()
            .find(path)
            .map(lease -> Trees.stringOr(lease, "", "spec", "renewTime"))
            .orElse(""));
  }
}
