package io.kubra.conformance.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Asks again and again until something holds. */
public final class Await {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private Await() {}

  /** Whether the condition came to hold within the time. */
  public static boolean until(Duration limit, BooleanSupplier condition)
      throws InterruptedException {
    return some(limit, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty())
        .isPresent();
  }

  /** The first value that the source gives within the time; it is asked at least once. */
  public static <T> Optional<T> some(Duration limit, Supplier<Optional<T>> source)
      throws InterruptedException {
    Instant end = Instant.now().plus(limit);
    while (true) {
      Optional<T> value = source.get();
      if (value.isPresent() || Instant.now().isAfter(end)) {
        return value;
      }
      Thread.sleep(PAUSE);
    }
  }
}
