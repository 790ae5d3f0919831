package io.kubra.apiserver.metricsapi;

import io.kubra.apiserver.metricsapi.ResourceReading.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What something used over a window of time.
 *
 * @param time the end of the window
 * @param cpuNanoCores processor use in billionths of a core
 * @param memoryBytes the working set at the end
 */
record ResourceUsage(
    String name, Instant time, Duration window, long cpuNanoCores, long memoryBytes) {
  /** A container this young and not seen before is measured from its start. */
  private static final double FRESH_SECONDS = 120;

  private static final double SHORTEST_SECONDS = 1;

  /** The use between two readings; null if they do not suffice. */
  static @Nullable ResourceUsage between(String name, @Nullable Point before, Point now) {
    if (!now.complete()) {
      return null;
    }
    boolean same =
        before != null
            && before.complete()
            && before.startSeconds() == now.startSeconds()
            && before.cpuSeconds() <= now.cpuSeconds();
    double from;
    double used;
    if (same && before != null) {
      from = before.timeMillis() / 1e3;
      used = now.cpuSeconds() - before.cpuSeconds();
    } else if (now.startSeconds() > 0
        && now.timeMillis() / 1e3 - now.startSeconds() < FRESH_SECONDS) {
      from = now.startSeconds();
      used = now.cpuSeconds();
    } else {
      return null;
    }
    double seconds = now.timeMillis() / 1e3 - from;
    if (seconds < SHORTEST_SECONDS) {
      return null;
    }
    return new ResourceUsage(
        name,
        Instant.ofEpochMilli(now.timeMillis()),
        Duration.ofMillis(Math.round(seconds * 1000)),
        Math.round(used * 1e9 / seconds),
        Math.round(now.memoryBytes()));
  }

  /** The use of all containers of a pod; empty if one of them cannot be told yet. */
  static List<ResourceUsage> ofPod(@Nullable Map<String, Point> before, Map<String, Point> now) {
    List<ResourceUsage> all = new ArrayList<>();
    for (Map.Entry<String, Point> e : now.entrySet()) {
      ResourceUsage usage =
          between(e.getKey(), before == null ? null : before.get(e.getKey()), e.getValue());
      if (usage == null) {
        return List.of();
      }
      all.add(usage);
    }
    return all;
  }
}
