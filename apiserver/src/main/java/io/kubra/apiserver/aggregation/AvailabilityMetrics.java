package io.kubra.apiserver.aggregation;

import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.GaugeFamily;
import io.kubra.metrics.MetricRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tells which APIServices cannot be used, under upstream's names. */
final class AvailabilityMetrics {
  private final GaugeFamily unavailable;
  private final CounterFamily failures;
  private final Map<String, Boolean> available = new ConcurrentHashMap<>();

  AvailabilityMetrics(MetricRegistry registry) {
    unavailable =
        registry.gauge(
            "aggregator_unavailable_apiservice",
            "APIServices which are marked as unavailable, by name.",
            "name");
    failures =
        registry.counter(
            "aggregator_unavailable_apiservice_total",
            "APIServices which became unavailable, by name and reason.",
            "name",
            "reason");
  }

  void checked(String name, boolean now, String reason) {
    Boolean before = available.put(name, now);
    unavailable.with(name).set(now ? 0 : 1);
    if (!now && !Boolean.FALSE.equals(before)) {
      failures.with(name, reason).increment();
    }
  }

  void forget(String name) {
    available.remove(name);
    unavailable.remove(name);
  }
}
