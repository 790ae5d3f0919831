package io.kubra.conformance;

import io.kubra.conformance.cluster.Pace;
import java.time.Duration;

/**
 * How a run goes.
 *
 * @param profile {@code basic} or {@code high-performance}
 * @param image the image of probe pods
 * @param atOnce how many checks run at the same time
 * @param patience how long a check may take
 * @param pace how long checks wait for what the cluster does
 */
public record Options(String profile, String image, int atOnce, Duration patience, Pace pace) {
  /** The usual settings with an image. */
  public static Options of(String profile, String image) {
    return new Options(profile, image, 8, Duration.ofSeconds(100), Pace.USUAL);
  }
}
