package io.kubra.node.system;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Pauses that double with each failure of a key and are forgotten after twice the longest pause
 * without one. Safe for many threads.
 */
public final class BackOff {
  private record Pause(Duration length, Instant since) {}

  private final InstantSource clock;
  private final Duration first;
  private final Duration longest;
  private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

  /** Pauses from the first length to the longest. */
  public BackOff(InstantSource clock, Duration first, Duration longest) {
    this.clock = clock;
    this.first = first;
    this.longest = longest;
  }

  /** Whether the pause since the last {@link #next} still lasts. */
  public boolean waiting(String key) {
    return !remaining(key).isZero();
  }

  /** What is left of the pause since the last {@link #next}; zero if none lasts. */
  public Duration remaining(String key) {
    Pause pause = pauses.get(key);
    return pause == null ? Duration.ZERO : remaining(key, pause.since);
  }

  /** What is left of the key's pause if it began at the given moment; zero if none lasts. */
  public Duration remaining(String key, Instant since) {
    Pause pause = pauses.get(key);
    Instant now = clock.instant();
    if (pause == null || expired(pause, now)) {
      return Duration.ZERO;
    }
    Duration left = pause.length.minus(Duration.between(since, now));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** The length of the key's present pause; zero without one. */
  public Duration length(String key) {
    Pause pause = pauses.get(key);
    return pause == null ? Duration.ZERO : pause.length;
  }

  /** Notes a failure: the pause begins, or the next one is twice as long. */
  public void next(String key) {
    Instant now = clock.instant();
    pauses.compute(key, (k, pause) -> longer(pause, now));
  }

  private Pause longer(@Nullable Pause pause, Instant now) {
    if (pause == null || expired(pause, now)) {
      return new Pause(first, now);
    }
    Duration doubled = pause.length.multipliedBy(2);
    return new Pause(doubled.compareTo(longest) > 0 ? longest : doubled, now);
  }

  private boolean expired(Pause pause, Instant now) {
    return Duration.between(pause.since, now).compareTo(longest.multipliedBy(2)) > 0;
  }

  /** Forgets a key. */
  public void reset(String key) {
    pauses.remove(key);
  }

  /** Forgets all keys with a prefix. */
  public void resetAll(String prefix) {
    pauses.keySet().removeIf(key -> key.startsWith(prefix));
  }
}
