package io.kubra.controllers.job;

import io.kubra.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How long a Job waits before it replaces failed pods: 10 s, doubled with each failure since the
 * last success, at most 10 minutes.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** Failures since the last success, and when the last one was. */
  record Failures(int count, @Nullable Instant last) {
    static final Failures NONE = new Failures(0, null);

    /** These failures and what ended since. */
    Failures and(List<Pod> succeeded, List<Pod> failed) {
      Instant success =
          succeeded.stream().map(JobPods::finishedAt).max(Instant::compareTo).orElse(null);
      List<Instant> times =
          failed.stream()
              .map(JobPods::finishedAt)
              .filter(t -> success == null || t.isAfter(success))
              .sorted()
              .toList();
      int before = success == null ? count : 0;
      if (times.isEmpty()) {
        return success == null ? this : NONE;
      }
      return new Failures(before + times.size(), times.getLast());
    }

    /** How long to wait from now on. */
    Duration remaining(Instant now) {
      return last == null ? Duration.ZERO : Backoff.remaining(count, last, now);
    }
  }

  private final Map<String, Failures> known = new ConcurrentHashMap<>();

  Failures of(String key) {
    return Objects.requireNonNullElse(known.get(key), Failures.NONE);
  }

  void remember(String key, Failures failures) {
    if (failures.count() == 0) {
      known.remove(key);
    } else {
      known.put(key, failures);
    }
  }

  void forget(String key) {
    known.remove(key);
  }

  /** What is left of the wait after a number of failures, the last at the given time. */
  static Duration remaining(int failures, Instant last, Instant now) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    Duration wait = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
    Duration left = Duration.between(now, last.plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait));
    return left.isNegative() ? Duration.ZERO : left;
  }
}
