package io.kubra.client.workqueue;

import io.kubra.metrics.GaugeFamily;
import io.kubra.metrics.Histogram;
import io.kubra.metrics.HistogramFamily;
import io.kubra.metrics.MetricRegistry;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one queue, under upstream's names, told apart by the label {@code name}. */
public final class WorkQueueMetrics {
  /** From 10 ns to 1000 s, as upstream's. */
  private static final double[] SECONDS = Histogram.exponential(1e-8, 10, 12);

  private final LongAdder adds;
  private final LongAdder retries;
  private final Histogram waiting;
  private final Histogram working;
  private final GaugeFamily.Gauge depth;
  private final GaugeFamily.Gauge unfinished;
  private final GaugeFamily.Gauge longest;

  private WorkQueueMetrics(MetricRegistry registry, String name) {
    this.adds =
        registry
            .counter("workqueue_adds_total", "Total number of adds handled by workqueue", "name")
            .with(name);
    this.retries =
        registry
            .counter(
                "workqueue_retries_total", "Total number of retries handled by workqueue", "name")
            .with(name);
    this.waiting =
        seconds(
                registry,
                "workqueue_queue_duration_seconds",
                "How long in seconds an item stays in workqueue before being requested.")
            .with(name);
    this.working =
        seconds(
                registry,
                "workqueue_work_duration_seconds",
                "How long in seconds processing an item from workqueue takes.")
            .with(name);
    this.depth = registry.gauge("workqueue_depth", "Current depth of workqueue", "name").with(name);
    this.unfinished =
        registry
            .gauge(
                "workqueue_unfinished_work_seconds",
                "How many seconds of work has done that is in progress and hasn't been observed by"
                    + " work_duration. Large values indicate stuck threads. One can deduce the"
                    + " number of stuck threads by observing the rate at which this increases.",
                "name")
            .with(name);
    this.longest =
        registry
            .gauge(
                "workqueue_longest_running_processor_seconds",
                "How many seconds has the longest running processor for workqueue been running.",
                "name")
            .with(name);
  }

  private static HistogramFamily seconds(MetricRegistry registry, String name, String help) {
    return registry.histogram(name, help, SECONDS, "name");
  }

  /** The metrics of the queue of this name; one that takes its place goes on with them. */
  public static WorkQueueMetrics of(MetricRegistry registry, String name) {
    return new WorkQueueMetrics(registry, name);
  }

  /** Metrics that nobody reads. */
  static WorkQueueMetrics unread() {
    return of(new MetricRegistry(), "");
  }

  void follow(WorkQueue<?> queue) {
    depth.read(queue::depth);
    unfinished.read(queue::unfinishedSeconds);
    longest.read(queue::longestSeconds);
  }

  void added() {
    adds.increment();
  }

  void retried() {
    retries.increment();
  }

  void taken(long addedNanos) {
    waiting.observeSince(addedNanos);
  }

  void done(long takenNanos) {
    working.observeSince(takenNanos);
  }
}
