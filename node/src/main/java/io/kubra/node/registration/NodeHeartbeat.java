package io.kubra.node.registration;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.ResourceClient;
import io.kubra.model.coordination.v1.Lease;
import io.kubra.model.coordination.v1.LeaseSpec;
import io.kubra.model.core.v1.Node;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.meta.v1.OwnerReference;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews the node's Lease every ten seconds, by which the cluster knows that the node lives. */
public final class NodeHeartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeHeartbeat.class);
  private static final String NAMESPACE = "kube-node-lease";
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int LEASE_SECONDS = 40;

  private final ResourceClient<Lease> leases;
  private final ResourceClient<Node> nodes;
  private final String name;
  private final InstantSource clock;
  private final Thread thread;
  private @Nullable Lease held;

  /** Starts to renew. */
  public NodeHeartbeat(ApiClient client, String nodeName, InstantSource clock) {
    this.leases = client.resource(Lease.RESOURCE);
    this.nodes = client.resource(Node.RESOURCE);
    this.name = nodeName;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("node-lease").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Duration pause = PERIOD;
        try {
          renew();
        } catch (ApiException | UncheckedIOException e) {
          LOG.debug("lease of {} not renewed: {}", name, e.toString());
          held = null;
          pause = RETRY;
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      LOG.trace("heartbeat ends");
    }
  }

  private void renew() {
    Instant now = clock.instant();
    Lease known = held;
    if (known == null) {
      known = leases.find(NAMESPACE, name).orElse(null);
    }
    if (known == null) {
      // Owned by the node, the lease goes when the node goes.
      Node node = nodes.get("", name);
      OwnerReference owner =
          OwnerReference.builder()
              .apiVersion("v1")
              .kind("Node")
              .name(name)
              .uid(node.metadata().uid())
              .build();
      held =
          leases.create(
              Lease.builder()
                  .metadata(
                      ObjectMeta.builder()
                          .namespace(NAMESPACE)
                          .name(name)
                          .ownerReferences(List.of(owner))
                          .build())
                  .spec(
                      LeaseSpec.builder()
                          .holderIdentity(name)
                          .leaseDurationSeconds(LEASE_SECONDS)
                          .renewTime(now)
                          .build())
                  .build());
      return;
    }
    held =
        leases.update(
            known.withSpec(
                known.spec().toBuilder()
                    .holderIdentity(name)
                    .leaseDurationSeconds(LEASE_SECONDS)
                    .renewTime(now)
                    .build()));
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
