package io.kubra.store.image;

import java.time.Duration;

/**
 * How much of the past a store keeps. What exceeds any of the bounds is compacted, a stretch of
 * events at a time; the newest stretches stay in any case.
 *
 * @param age events younger than this are kept
 * @param revisions at most about so many events are kept
 * @param bytes at most about so many bytes of values are kept
 */
public record Retention(Duration age, long revisions, long bytes) {

  /** Five minutes, 100,000 revisions, 128 MiB. */
  public static final Retention DEFAULT = new Retention(Duration.ofMinutes(5), 100_000, 128L << 20);

  /** Refuses bounds that are not positive. */
  public Retention {
    if (!age.isPositive() || revisions <= 0 || bytes <= 0) {
      throw new IllegalArgumentException("a retention's bounds must be positive");
    }
  }
}
