package io.kubra.conformance;

import java.time.Duration;

/**
 * How a run goes.
 *
 * @param profile {@code basic} or {@code high-performance}
 * @param image the image of probe pods
 * @param atOnce how many checks run at the same time
 * @param patience how long a check may take
 */
public record Options(String profile, String image, int atOnce, Duration patience) {
  /** The usual settings with an image. */
  public static Options of(String profile, String image) {
    return new Options(profile, image, 8, Duration.ofSeconds(75));
  }
}
