package io.kubra.client.leader;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.ResourceClient;
import io.kubra.model.coordination.v1.Lease;
import io.kubra.model.coordination.v1.LeaseSpec;
import io.kubra.model.meta.v1.ObjectMeta;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a Lease while it can, as client-go does: a candidate takes the lease when its holder has
 * not renewed it for the lease's duration, measured on the candidate's own clock since it last saw
 * a renewal; a leader that cannot renew in time stops leading.
 */
public final class LeaderElector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderElector.class);

  /** What happens with the office. */
  public interface Callbacks {
    /** This candidate now leads. */
    void started();

    /** This candidate no longer leads. */
    void stopped();
  }

  /**
   * The times of an election; upstream's defaults are 15 s, 10 s and 2 s.
   *
   * @param lease how long a lease is respected after its last renewal
   * @param renewDeadline how long a leader tries to renew before it gives up
   * @param retry the pause between attempts
   */
  public record Timing(Duration lease, Duration renewDeadline, Duration retry) {
    /** Upstream's defaults. */
    public static final Timing DEFAULT =
        new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
  }

  private final ResourceClient<Lease> leases;
  private final String namespace;
  private final String name;
  private final String identity;
  private final Timing timing;
  private final InstantSource clock;
  private final Callbacks callbacks;
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean leading;
  private @Nullable LeaseSpec observed;
  private Instant observedAt = Instant.EPOCH;
  private Instant renewedAt = Instant.EPOCH;

  /** Starts to run for the office. */
  public LeaderElector(
      ApiClient client,
      String namespace,
      String name,
      String identity,
      Timing timing,
      Callbacks callbacks) {
    this.leases = client.resource(Lease.RESOURCE);
    this.namespace = namespace;
    this.name = name;
    this.identity = identity;
    this.timing = timing;
    this.clock = InstantSource.system();
    this.callbacks = callbacks;
    this.thread = Thread.ofVirtual().name("leader-" + name).start(this::run);
  }

  /** Whether this candidate leads now. */
  public boolean leading() {
    return leading;
  }

  private void run() {
    while (!closed) {
      boolean held = false;
      try {
        held = tryAcquireOrRenew();
      } catch (ApiException | UncheckedIOException e) {
        LOG.debug("lease {}/{}: {}", namespace, name, e.toString());
      }
      if (held && !leading) {
        leading = true;
        LOG.info("{} leads {}/{}", identity, namespace, name);
        callbacks.started();
      } else if (!held
          && leading
          && clock.instant().isAfter(renewedAt.plus(timing.renewDeadline()))) {
        stopLeading();
      }
      try {
        Thread.sleep(timing.retry());
      } catch (InterruptedException e) {
        break;
      }
    }
  }

  private boolean tryAcquireOrRenew() {
    Instant now = clock.instant();
    Lease lease = leases.find(namespace, name).orElse(null);
    if (lease == null) {
      leases.create(
          Lease.builder()
              .metadata(ObjectMeta.builder().namespace(namespace).name(name).build())
              .spec(spec(now, now, 0))
              .build());
      renewedAt = now;
      return true;
    }
    LeaseSpec spec = lease.spec();
    if (!spec.equals(observed)) {
      observed = spec;
      observedAt = now;
    }
    boolean mine = identity.equals(spec.holderIdentity());
    String holder = spec.holderIdentity();
    boolean free = holder == null || holder.isEmpty();
    if (!mine && !free && now.isBefore(observedAt.plus(timing.lease()))) {
      if (leading) {
        stopLeading();
      }
      return false;
    }
    int transitions = spec.leaseTransitions() == null ? 0 : spec.leaseTransitions();
    Instant acquired = spec.acquireTime() == null || !mine ? now : spec.acquireTime();
    Lease renewed =
        leases.update(lease.withSpec(spec(acquired, now, mine ? transitions : transitions + 1)));
    observed = renewed.spec();
    observedAt = now;
    renewedAt = now;
    return true;
  }

  private LeaseSpec spec(Instant acquired, Instant renewed, int transitions) {
    return LeaseSpec.builder()
        .holderIdentity(identity)
        .leaseDurationSeconds((int) timing.lease().toSeconds())
        .acquireTime(acquired)
        .renewTime(renewed)
        .leaseTransitions(transitions)
        .build();
  }

  private void stopLeading() {
    leading = false;
    LOG.warn("{} no longer leads {}/{}", identity, namespace, name);
    callbacks.stopped();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    if (leading) {
      stopLeading();
    }
  }
}
