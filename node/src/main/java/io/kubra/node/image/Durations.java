package io.kubra.node.image;

import java.time.Duration;
import java.util.Locale;

/** Durations as the messages of events write them. */
final class Durations {
  private Durations() {}

  /** For example {@code 812ms}, {@code 3.25s} or {@code 1m2.5s}. */
  static String text(Duration d) {
    long millis = d.toMillis();
    if (millis < 1000) {
      return millis + "ms";
    }
    long minutes = millis / 60_000;
    String seconds =
        String.format(Locale.ROOT, "%.3f", (millis % 60_000) / 1000.0).replaceFirst("\\.?0+$", "");
    return (minutes > 0 ? minutes + "m" : "") + seconds + "s";
  }
}
