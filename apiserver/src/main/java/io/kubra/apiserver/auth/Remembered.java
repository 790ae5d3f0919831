package io.kubra.apiserver.auth;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Answers that hold for a while. When there are too many, all are forgotten. */
public final class Remembered<V> {
  private final Map<Object, Until<V>> values = new ConcurrentHashMap<>();
  private final int most;

  private record Until<V>(V value, long nanos) {}

  /**
   * @param most how many answers are kept
   */
  public Remembered(int most) {
    this.most = most;
  }

  /** The answer to a question; null if there is none that still holds. */
  public @Nullable V get(Object key) {
    Until<V> known = values.get(key);
    if (known == null) {
      return null;
    }
    if (System.nanoTime() - known.nanos > 0) {
      values.remove(key, known);
      return null;
    }
    return known.value;
  }

  /** Keeps an answer for a time. */
  public void put(Object key, V value, Duration lifetime) {
    if (!lifetime.isPositive()) {
      return;
    }
    if (values.size() >= most) {
      values.clear();
    }
    values.put(key, new Until<>(value, System.nanoTime() + lifetime.toNanos()));
  }
}
