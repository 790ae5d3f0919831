package io.kubra.client.leader;

import io.kubra.api.status.ApiException;
import io.kubra.client.ResourceClient;
import io.kubra.model.coordination.v1.Lease;
import io.kubra.model.coordination.v1.LeaseSpec;
import io.kubra.model.meta.v1.ObjectMeta;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the election, one attempt at a time: what a candidate does with the lease as it
 * finds it. It keeps no state but is given what was seen before, so that an attempt that hangs may
 * be left behind. Whether a lease still holds is decided by the candidate's own clock alone: from
 * the moment at which it first saw the lease as it is.
 */
final class Candidate {
  private final ResourceClient<Lease> leases;
  private final Election election;
  private final LongSupplier nanos;
  private final InstantSource clock;

  /**
   * What a candidate knows.
   *
   * @param lease the lease as it was last seen
   * @param seenAt when it was first seen like that, in the candidate's nanoseconds
   * @param held whether the candidate holds it
   * @param renewedAt when the attempt began that last took or renewed it
   */
  record View(@Nullable Lease lease, long seenAt, boolean held, long renewedAt) {
    /** Of a candidate that has not looked yet. */
    static final View NOTHING = new View(null, 0, false, 0);

    /** The identity of the holder, or an empty text. */
    String holder() {
      return lease == null ? "" : holderOf(lease.spec());
    }
  }

  Candidate(
      ResourceClient<Lease> leases, Election election, LongSupplier nanos, InstantSource clock) {
    this.leases = leases;
    this.election = election;
    this.nanos = nanos;
    this.clock = clock;
  }

  /**
   * Takes the lease if it is free or this candidate's own, or renews it.
   *
   * @throws ApiException if the server refuses, for example because another was faster
   * @throws java.io.UncheckedIOException if it cannot be reached
   */
  View attempt(View before) {
    long now = nanos.getAsLong();
    Lease known = before.lease();
    if (before.held() && known != null) {
      try {
        return write(known, now);
      } catch (ApiException e) {
        if (e.code() != 409 && e.code() != 404) {
          throw e;
        }
        // Somebody wrote it: look.
      }
    }
    Lease found = leases.find(election.namespace(), election.name()).orElse(null);
    if (found == null) {
      return new View(create(), now, true, now);
    }
    boolean same = known != null && known.spec().equals(found.spec());
    // After the answer: the lease may have been renewed while the question was on its way.
    long seenAt = same ? before.seenAt() : nanos.getAsLong();
    String holder = holderOf(found.spec());
    if (!holder.isEmpty()
        && !holder.equals(election.identity())
        && now - seenAt < duration(found.spec()).toNanos()) {
      return new View(found, seenAt, false, before.renewedAt());
    }
    return write(found, now);
  }

  /** Gives the office up, so that the next candidate need not wait. */
  void release(View view) {
    Lease lease = view.lease();
    if (!view.held() || lease == null) {
      return;
    }
    LeaseSpec spec =
        lease.spec().toBuilder()
            .holderIdentity("")
            .leaseDurationSeconds(1)
            .acquireTime(clock.instant())
            .renewTime(clock.instant())
            .build();
    leases.update(lease.withSpec(spec));
  }

  private Lease create() {
    return leases.create(
        Lease.builder()
            .metadata(
                ObjectMeta.builder().namespace(election.namespace()).name(election.name()).build())
            .spec(
                LeaseSpec.builder()
                    .holderIdentity(election.identity())
                    .leaseDurationSeconds(seconds())
                    .acquireTime(clock.instant())
                    .renewTime(clock.instant())
                    .leaseTransitions(0)
                    .build())
            .build());
  }

  private View write(Lease lease, long now) {
    LeaseSpec spec = lease.spec();
    LeaseSpec.Builder renewed =
        spec.toBuilder()
            .holderIdentity(election.identity())
            .leaseDurationSeconds(seconds())
            .renewTime(clock.instant());
    if (!election.identity().equals(holderOf(spec))) {
      int transitions = spec.leaseTransitions() == null ? 0 : spec.leaseTransitions();
      renewed.acquireTime(clock.instant()).leaseTransitions(transitions + 1);
    }
    return new View(leases.update(lease.withSpec(renewed.build())), now, true, now);
  }

  private int seconds() {
    return (int) election.timing().lease().toSeconds();
  }

  /** What the holder asked for; one that releases asks for a second. */
  private Duration duration(LeaseSpec spec) {
    Integer asked = spec.leaseDurationSeconds();
    return asked == null ? election.timing().lease() : Duration.ofSeconds(asked);
  }

  private static String holderOf(LeaseSpec spec) {
    return spec.holderIdentity() == null ? "" : spec.holderIdentity();
  }
}
