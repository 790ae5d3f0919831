package io.kubra.node.stats;

import io.kubra.metrics.MetricText;
import io.kubra.metrics.MetricType;

/** What the resource metrics pipeline reads: cpu and memory of containers, pods and node. */
final class ResourceMetrics {
  private static final double NANO = 1e9;

  private ResourceMetrics() {}

  private interface Each {
    void see(Usage.OfContainer container, String... labels);
  }

  static void write(Usage now, MetricText out) {
    long time = now.time().toEpochMilli();
    out.family(
        "container_cpu_usage_seconds_total",
        MetricType.COUNTER,
        "Cumulative cpu time consumed by the container in core-seconds");
    each(now, (c, labels) -> sample(out, c.usage().cpu().total() / NANO, time, labels));
    out.family(
        "container_memory_working_set_bytes",
        MetricType.GAUGE,
        "Current working set of the container in bytes");
    each(now, (c, labels) -> sample(out, c.usage().memory().workingSet(), time, labels));
    out.family(
        "container_start_time_seconds",
        MetricType.GAUGE,
        "Start time of the container since unix epoch in seconds");
    each(now, (c, labels) -> out.sample(c.started().toEpochMilli() / 1e3, labels));
    out.family(
        "container_swap_usage_bytes",
        MetricType.GAUGE,
        "Current amount of the container swap usage in bytes. Reported only on non-windows systems");
    each(now, (c, labels) -> sample(out, c.usage().memory().swap(), time, labels));
    out.family(
        "node_cpu_usage_seconds_total",
        MetricType.COUNTER,
        "Cumulative cpu time consumed by the node in core-seconds");
    sample(out, now.node().cpu().total() / NANO, time);
    out.family(
        "node_memory_working_set_bytes",
        MetricType.GAUGE,
        "Current working set of the node in bytes");
    sample(out, now.node().memory().workingSet(), time);
    out.family(
        "pod_cpu_usage_seconds_total",
        MetricType.COUNTER,
        "Cumulative cpu time consumed by the pod in core-seconds");
    for (Usage.OfPod pod : now.pods()) {
      sample(out, pod.cpuNanos() / NANO, time, "namespace", pod.namespace(), "pod", pod.name());
    }
    out.family(
        "pod_memory_working_set_bytes",
        MetricType.GAUGE,
        "Current working set of the pod in bytes");
    for (Usage.OfPod pod : now.pods()) {
      sample(out, pod.workingSet(), time, "namespace", pod.namespace(), "pod", pod.name());
    }
    out.family(
        "resource_scrape_error",
        MetricType.GAUGE,
        "1 if there was an error while getting container metrics, 0 otherwise");
    out.sample(0);
  }

  private static void sample(MetricText out, double value, long time, String... labels) {
    if (value >= 0) {
      out.sampleAt(value, time, labels);
    }
  }

  private static void each(Usage usage, Each each) {
    for (Usage.OfPod pod : usage.pods()) {
      for (Usage.OfContainer c : pod.containers()) {
        each.see(c, "container", c.name(), "namespace", pod.namespace(), "pod", pod.name());
      }
    }
  }
}
