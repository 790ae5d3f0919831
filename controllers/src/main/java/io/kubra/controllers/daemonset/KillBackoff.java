package io.kubra.controllers.daemonset;

import io.kubra.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps daemons that fail again and again on one node from being made again in a tight loop: 1 s
 * between two kills, doubled each time up to 15 minutes, forgotten after twice that.
 */
final class KillBackoff {
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private record Kill(Instant last, Duration pause) {}

  private final Map<String, Kill> kills = new ConcurrentHashMap<>();

  /** How long to wait before the pod may be killed; zero if now, which is remembered. */
  Duration claim(Pod pod, Instant now) {
    kills.values().removeIf(k -> now.isAfter(k.last.plus(LONGEST.multipliedBy(2))));
    String key = pod.metadata().ownerReferences() + "/" + Placement.nodeOf(pod);
    Kill kill = kills.get(key);
    if (kill != null && now.isBefore(kill.last.plus(kill.pause))) {
      return Duration.between(now, kill.last.plus(kill.pause));
    }
    Duration wait = kill == null ? Duration.ofSeconds(1) : kill.pause.multipliedBy(2);
    kills.put(key, new Kill(now, wait.compareTo(LONGEST) > 0 ? LONGEST : wait));
    return Duration.ZERO;
  }
}
