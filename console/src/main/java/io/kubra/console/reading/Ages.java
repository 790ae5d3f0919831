package io.kubra.console.reading;

import java.time.Duration;

/** How long something is or was, in the short form of kubectl. */
public final class Ages {
  private Ages() {}

  /** For example {@code 45s}, {@code 3m20s}, {@code 5h12m}, {@code 3d}. */
  public static String of(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 600) {
      return pair(seconds / 60, "m", seconds % 60, "s");
    }
    if (seconds < 3 * 3600) {
      return seconds / 60 + "m";
    }
    if (seconds < 8 * 3600) {
      return pair(seconds / 3600, "h", seconds % 3600 / 60, "m");
    }
    if (seconds < 48 * 3600) {
      return seconds / 3600 + "h";
    }
    return seconds / 86400 + "d";
  }

  private static String pair(long large, String unit, long small, String smallUnit) {
    return small == 0 ? large + unit : large + unit + small + smallUnit;
  }
}
