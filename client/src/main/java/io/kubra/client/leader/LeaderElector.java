package io.kubra.client.leader;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.leader.Candidate.View;
import io.kubra.metrics.GaugeFamily;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.coordination.v1.Lease;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs for an office and holds it while it can, as client-go does. A leader whose renewals fail, or
 * hang, for the renewal deadline stops leading, before anybody else may lead; then it is a
 * candidate again. One that closes gives the office up.
 *
 * <p>One virtual thread runs the election and calls the callbacks; each attempt has a thread of its
 * own, which is left behind when it takes too long.
 */
public final class LeaderElector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderElector.class);

  /** What happens with the office. Calls come in turn, from one thread, and should return soon. */
  public interface Callbacks {
    /** This candidate now leads: begin to work. */
    void started();

    /** This candidate no longer leads: when this returns, nothing works any more. */
    void stopped();
  }

  private final Election election;
  private final Candidate candidate;
  private final Callbacks callbacks;
  private final EventRecorder events;
  private final GaugeFamily.Gauge status;
  private final ExecutorService attempts = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean leading;
  // Of the election's thread.
  private View view = View.NOTHING;

  private LeaderElector(
      ApiClient client, Election election, Callbacks callbacks, MetricRegistry metrics) {
    this.election = election;
    this.candidate =
        new Candidate(
            client.resource(Lease.RESOURCE), election, System::nanoTime, InstantSource.system());
    this.callbacks = callbacks;
    this.events = new EventRecorder(client, election.component(), "");
    this.status =
        metrics
            .gauge(
                "leader_election_master_status",
                "Gauge of if the reporting system is master of the relevant lease, 0 indicates"
                    + " backup, 1 indicates master. 'name' is the string used to identify the"
                    + " lease. Please make sure to group by name.",
                "name")
            .with(election.name());
    this.thread = Thread.ofVirtual().name("leader-" + election.name()).unstarted(this::run);
  }

  /**
   * Begins to run for the office.
   *
   * @param client acts as a user that may get, create and update the Lease and create events
   */
  public static LeaderElector start(
      ApiClient client, Election election, Callbacks callbacks, MetricRegistry metrics) {
    LeaderElector elector = new LeaderElector(client, election, callbacks, metrics);
    elector.status.set(0);
    elector.thread.start();
    return elector;
  }

  /** Whether this candidate leads now. */
  public boolean leading() {
    return leading;
  }

  private void run() {
    try {
      while (!closed) {
        acquire();
        try {
          if (begin()) {
            hold();
          }
        } finally {
          end();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{} leaves the election of {}", election.identity(), election.name());
    }
  }

  private void acquire() throws InterruptedException {
    String holder = "";
    while (true) {
      tryWithin(election.timing().renewDeadline());
      if (view.held()) {
        return;
      }
      if (!view.holder().equals(holder)) {
        holder = view.holder();
        LOG.info("{} is led by {}", election.name(), holder);
      }
      double jitter = ThreadLocalRandom.current().nextDouble() * Election.JITTER;
      Thread.sleep((long) (election.timing().retry().toMillis() * (1 + jitter)));
    }
  }

  private void hold() throws InterruptedException {
    while (true) {
      Thread.sleep(election.timing().retry());
      boolean renewed = tryWithin(left());
      while (!renewed) {
        if (!view.held() || left().isNegative()) {
          return;
        }
        Thread.sleep(
            Math.max(1, Math.min(election.timing().retry().toMillis(), left().toMillis())));
        renewed = tryWithin(left());
      }
    }
  }

  /** How long this candidate may go on without a renewal. */
  private Duration left() {
    return election.timing().renewDeadline().minusNanos(System.nanoTime() - view.renewedAt());
  }

  /** Whether an attempt succeeded in time; whatever it does later counts for nothing. */
  private boolean tryWithin(Duration limit) throws InterruptedException {
    View before = view;
    Future<View> attempt = attempts.submit(() -> candidate.attempt(before));
    try {
      view = attempt.get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
      return view.held();
    } catch (TimeoutException e) {
      LOG.debug("no answer about {} within {}", election.name(), limit);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ApiException refused -> LOG.debug("{}: {}", election.name(), refused.toString());
        case UncheckedIOException lost -> LOG.debug("{}: {}", election.name(), lost.toString());
        case null, default -> LOG.error("the election of {} failed", election.name(), e.getCause());
      }
    } finally {
      attempt.cancel(true);
    }
    return false;
  }

  private boolean begin() {
    leading = true;
    LOG.info("{} leads {}", election.identity(), election.name());
    record("became leader");
    try {
      callbacks.started();
      status.set(1);
      return true;
    } catch (RuntimeException e) {
      LOG.error("the work of {} did not start", election.name(), e);
      return false;
    }
  }

  private void end() throws InterruptedException {
    // The interrupt that closes the election must not disturb the end of the work.
    boolean interrupted = Thread.interrupted();
    leading = false;
    status.set(0);
    try {
      callbacks.stopped();
    } catch (RuntimeException e) {
      LOG.error("the work of {} did not stop properly", election.name(), e);
    }
    LOG.info("{} no longer leads {}", election.identity(), election.name());
    record("stopped leading");
    release();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!closed) {
      Thread.sleep(election.timing().retry());
    }
  }

  private void release() throws InterruptedException {
    View last = view;
    view = View.NOTHING;
    Future<?> release = attempts.submit(() -> candidate.release(last));
    try {
      release.get(election.timing().retry().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("{} was not released: {}", election.name(), e.toString());
      release.cancel(true);
    }
  }

  private void record(String what) {
    Lease lease = view.lease();
    if (lease != null) {
      events.normal(lease, "LeaderElection", election.identity() + " " + what);
    }
  }

  /** Leaves the election; the work has stopped and the office is free when this returns. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    attempts.shutdownNow();
    events.close();
  }
}
