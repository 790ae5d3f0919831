package io.kubra.conformance;

import io.kubra.conformance.cluster.NodeShell;
import io.kubra.conformance.cluster.Pace;
import io.kubra.conformance.suite.SuiteReport;
import java.time.Duration;
import java.util.Set;

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
 * @param disturb the namespaces whose applications may be disturbed
 */
public record Options(
    String profile,
    String image,
    int atOnce,
    Duration patience,
    Pace pace,
    SuiteReport suite,
    NodeShell shell,
    Set<String> disturb) {
  private static final Duration LONG = Duration.ofMinutes(30);

  /** The usual settings with an image. */
  public static Options of(String profile, String image) {
    return new Options(
        profile,
        image,
        8,
        Duration.ofSeconds(100),
        Pace.USUAL,
        SuiteReport.NONE,
        NodeShell.NONE,
        Set.of());
  }

  /** These settings with a report of upstream's suite. */
  public Options with(SuiteReport report) {
    return new Options(profile, image, atOnce, patience, pace, report, shell, disturb);
  }

  /** These settings with a way to nodes that run no pods. */
  public Options with(NodeShell way) {
    return new Options(profile, image, atOnce, patience, pace, suite, way, disturb);
  }

  /**
   * These settings with namespaces whose applications may be disturbed; such trials wait for one
   * another, so that checks get more time.
   */
  public Options disturbing(Set<String> namespaces) {
    Duration time = namespaces.isEmpty() ? patience : LONG;
    return new Options(profile, image, atOnce, time, pace, suite, shell, Set.copyOf(namespaces));
  }
}
