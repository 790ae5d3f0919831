package io.kubra.node.metrics;

import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.Histogram;
import io.kubra.metrics.HistogramFamily;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** How long pods take to start and to be looked after, and how many start. */
public final class PodMetrics {
  /** Why a pod is looked at. */
  public enum Operation {
    CREATE("create"),
    UPDATE("update"),
    SYNC("sync");

    private final String label;

    Operation(String label) {
      this.label = label;
    }
  }

  private static final double[] START_SECONDS = {
    0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200,
    1800, 2700, 3600
  };

  private final HistogramFamily worker;
  private final Histogram start;
  private final HistogramFamily startTotal;
  private final HistogramFamily sandboxSeconds;
  private final CounterFamily sandboxErrors;
  private final LongAdder pods;
  private final LongAdder podErrors;
  private final CounterFamily containers;
  private final CounterFamily containerErrors;
  private final AtomicBoolean firstWithNetwork = new AtomicBoolean(true);

  /** Metrics in a registry. */
  public PodMetrics(MetricRegistry registry) {
    this.worker =
        registry.histogram(
            "kubelet_pod_worker_duration_seconds",
            "Duration in seconds to sync a single pod. Broken down by operation type: create,"
                + " update, or sync",
            Histogram.defaultSeconds(),
            "operation_type");
    this.start =
        registry
            .histogram(
                "kubelet_pod_start_duration_seconds",
                "Duration in seconds from kubelet seeing a pod for the first time to the pod"
                    + " starting to run",
                START_SECONDS)
            .with();
    this.startTotal =
        registry.histogram(
            "kubelet_pod_start_total_duration_seconds",
            "Duration in seconds to start a pod since creation, including time to pull images and"
                + " run init containers, measured from pod creation timestamp to when all its"
                + " containers are reported as started and observed via watch",
            START_SECONDS,
            "first_with_network");
    this.sandboxSeconds =
        registry.histogram(
            "kubelet_run_podsandbox_duration_seconds",
            "Duration in seconds of the run_podsandbox operations. Broken down by"
                + " RuntimeClass.Handler.",
            Histogram.defaultSeconds(),
            "runtime_handler");
    this.sandboxErrors =
        registry.counter(
            "kubelet_run_podsandbox_errors_total",
            "Cumulative number of the run_podsandbox operation errors by RuntimeClass.Handler.",
            "runtime_handler");
    this.pods =
        registry.counter("kubelet_started_pods_total", "Cumulative number of pods started").with();
    this.podErrors =
        registry
            .counter(
                "kubelet_started_pods_errors_total",
                "Cumulative number of errors when starting pods")
            .with();
    this.containers =
        registry.counter(
            "kubelet_started_containers_total",
            "Cumulative number of containers started",
            "container_type");
    this.containerErrors =
        registry.counter(
            "kubelet_started_containers_errors_total",
            "Cumulative number of errors when starting containers",
            "code",
            "container_type");
  }

  /** Counts one look at a pod. */
  public void looked(Operation operation, long began) {
    worker.with(operation.label).observeSince(began);
  }

  /**
   * Counts a pod whose containers run for the first time.
   *
   * @param seen when the agent first saw it, in nanoseconds
   */
  public void started(Pod pod, long seen, Instant now) {
    start.observeSince(seen);
    Instant created = pod.metadata().creationTimestamp();
    if (created == null) {
      return;
    }
    boolean network = !Boolean.TRUE.equals(pod.spec().hostNetwork());
    boolean first = network && firstWithNetwork.compareAndSet(true, false);
    Duration total = Duration.between(created, now);
    startTotal.with(Boolean.toString(first)).observe(Math.max(0, total.toMillis() / 1e3));
  }

  /** Counts a sandbox that runs. */
  public void sandboxStarted(String handler, long began) {
    pods.increment();
    sandboxSeconds.with(handler).observeSince(began);
  }

  /** Counts a sandbox that could not be started. */
  public void sandboxFailed(String handler) {
    podErrors.increment();
    sandboxErrors.with(handler).increment();
  }

  /** Counts a container that runs. */
  public void containerStarted(Pod pod, String container) {
    containers.with(type(pod, container)).increment();
  }

  /**
   * Counts a container that could not be started.
   *
   * @param reason why, as the pod's status says
   */
  public void containerFailed(Pod pod, String container, String reason) {
    containerErrors.with(reason, type(pod, container)).increment();
  }

  private static String type(Pod pod, String container) {
    if (pod.spec().initContainers().stream().anyMatch(c -> c.name().equals(container))) {
      return "init_container";
    }
    return pod.spec().containers().stream().anyMatch(c -> c.name().equals(container))
        ? "container"
        : "ephemeral_container";
  }
}
