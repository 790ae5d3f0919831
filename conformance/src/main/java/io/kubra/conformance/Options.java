package io.kubra.conformance;

import io.kubra.conformance.cluster.NodeShell;
import io.kubra.conformance.cluster.Pace;
import io.kubra.conformance.suite.SuiteReport;
import java.time.Duration;

/**
 * How a run goes.
 *
 * @param profile {@code basic} or {@code high-performance}
 * @param image the image of probe pods
 * @param atOnce how many checks run at the same time
 * @param patience how long a check may take
 * @param pace how long checks wait for what the cluster does
 * @param suite what upstream's end-to-end suite found
 * @param shell a way to nodes that run no pods
 */
public record Options(
    String profile,
    String image,
    int atOnce,
    Duration patience,
    Pace pace,
    SuiteReport suite,
    NodeShell shell) {
  /** The usual settings with an image. */
  public static Options of(String profile, String image) {
    return new Options(
        profile, image, 8, Duration.ofSeconds(100), Pace.USUAL, SuiteReport.NONE, NodeShell.NONE);
  }

  /** These settings with a report of upstream's suite. */
  public Options with(SuiteReport report) {
    return new Options(profile, image, atOnce, patience, pace, report, shell);
  }

  /** These settings with a way to nodes that run no pods. */
  public Options with(NodeShell way) {
    return new Options(profile, image, atOnce, patience, pace, suite, way);
  }
}
