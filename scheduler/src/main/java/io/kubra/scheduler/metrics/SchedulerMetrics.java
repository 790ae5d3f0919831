package io.kubra.scheduler.metrics;

import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.GaugeFamily;
import io.kubra.metrics.Histogram;
import io.kubra.metrics.HistogramFamily;
import io.kubra.metrics.MetricRegistry;
import java.util.function.DoubleSupplier;

/** The counters and histograms of one scheduler profile. Times are nanoseconds of System. */
public final class SchedulerMetrics {
  /** How an attempt ended, or a step of it. */
  public enum Result {
    SCHEDULED("scheduled", "Success"),
    UNSCHEDULABLE("unschedulable", "Unschedulable"),
    ERROR("error", "Error");

    private final String result;
    private final String status;

    Result(String result, String status) {
      this.result = result;
      this.status = status;
    }
  }

  /** Where a pod without a node waits. */
  public enum Queue {
    /** To be tried next. */
    ACTIVE("active"),
    /** For its back-off to end. */
    BACKOFF("backoff"),
    /** For a change that may help it. */
    UNSCHEDULABLE("unschedulable"),
    /** For its scheduling gates to go. */
    GATED("gated");

    private final String label;

    Queue(String label) {
      this.label = label;
    }
  }

  private static final double[] ATTEMPT_SECONDS = Histogram.exponential(0.001, 2, 15);
  private static final double[] POD_SECONDS = Histogram.exponential(0.01, 2, 20);
  private static final double[] STEP_SECONDS = Histogram.exponential(0.0001, 2, 12);
  private static final double[] ATTEMPTS = Histogram.exponential(1, 2, 5);
  private static final int MOST_ATTEMPTS = 15;

  private final String profile;
  private final CounterFamily attempts;
  private final HistogramFamily attemptSeconds;
  private final Histogram algorithmSeconds;
  private final HistogramFamily podSeconds;
  private final Histogram podAttempts;
  private final HistogramFamily stepSeconds;
  private final GaugeFamily pending;
  private final CounterFamily incoming;

  /** The metrics of a profile in a registry. */
  public SchedulerMetrics(MetricRegistry registry, String profile) {
    this.profile = profile;
    this.attempts =
        registry.counter(
            "scheduler_schedule_attempts_total",
            "Number of attempts to schedule pods, by the result. 'unschedulable' means a pod could"
                + " not be scheduled, while 'error' means an internal scheduler problem.",
            "profile",
            "result");
    this.attemptSeconds =
        registry.histogram(
            "scheduler_scheduling_attempt_duration_seconds",
            "Scheduling attempt latency in seconds (scheduling algorithm + binding)",
            ATTEMPT_SECONDS,
            "profile",
            "result");
    this.algorithmSeconds =
        registry
            .histogram(
                "scheduler_scheduling_algorithm_duration_seconds",
                "Scheduling algorithm latency in seconds",
                ATTEMPT_SECONDS)
            .with();
    this.podSeconds =
        registry.histogram(
            "scheduler_pod_scheduling_sli_duration_seconds",
            "E2e latency for a pod being scheduled, from the time the pod enters the scheduling"
                + " queue and might involve multiple scheduling attempts.",
            POD_SECONDS,
            "attempts");
    this.podAttempts =
        registry
            .histogram(
                "scheduler_pod_scheduling_attempts",
                "Number of attempts to successfully schedule a pod.",
                ATTEMPTS)
            .with();
    this.stepSeconds =
        registry.histogram(
            "scheduler_framework_extension_point_duration_seconds",
            "Latency for running all plugins of a specific extension point.",
            STEP_SECONDS,
            "extension_point",
            "profile",
            "status");
    this.pending =
        registry.gauge(
            "scheduler_pending_pods",
            "Number of pending pods, by the queue type. 'active' means number of pods in activeQ;"
                + " 'backoff' means number of pods in backoffQ; 'unschedulable' means number of"
                + " pods that the scheduler attempted to schedule and failed; 'gated' is the number"
                + " of pods that the scheduler never attempted to schedule because they are gated.",
            "queue");
    this.incoming =
        registry.counter(
            "scheduler_queue_incoming_pods_total",
            "Number of pods added to scheduling queues by event and queue type.",
            "event",
            "queue");
  }

  /** Counts an attempt that began at a moment and has ended now. */
  public void attempted(Result result, long began) {
    attempts.with(profile, result.result).increment();
    attemptSeconds.with(profile, result.result).observeSince(began);
  }

  /** Counts the decision alone. */
  public void decided(long began) {
    algorithmSeconds.observeSince(began);
  }

  /** Counts a step of an attempt. */
  public void step(ExtensionPoint point, Result result, long began) {
    stepSeconds.with(point.label(), profile, result.status).observeSince(began);
  }

  /**
   * Counts a pod that has got its node.
   *
   * @param entered when it first entered the queue
   */
  public void placed(int tries, long entered) {
    podAttempts.observe(tries);
    String label = tries >= MOST_ATTEMPTS ? MOST_ATTEMPTS + "+" : Integer.toString(tries);
    podSeconds.with(label).observeSince(entered);
  }

  /**
   * Counts a pod that enters a queue.
   *
   * @param event what made it enter
   */
  public void entered(Queue queue, String event) {
    incoming.with(event, queue.label).increment();
  }

  /** Says where the number of pods in a queue is read. */
  public void pending(Queue queue, DoubleSupplier count) {
    pending.with(queue.label).read(count);
  }
}
