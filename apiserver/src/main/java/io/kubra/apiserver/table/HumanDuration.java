package io.kubra.apiserver.table;

import java.time.Duration;

/** Durations as people read them in tables: two units at most, fewer the longer it is. */
public final class HumanDuration {
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long YEAR = 365 * DAY;

  private HumanDuration() {}

  /** Formats a duration; a clock that is a little ahead gives 0s. */
  public static String format(Duration duration) {
    long s = duration.toSeconds();
    if (s < -1) {
      return "<invalid>";
    }
    if (s < 0) {
      return "0s";
    }
    if (s < 2 * MINUTE) {
      return s + "s";
    }
    if (s < 10 * MINUTE) {
      return two(s / MINUTE, "m", s % MINUTE, "s");
    }
    if (s < 3 * HOUR) {
      return s / MINUTE + "m";
    }
    if (s < 8 * HOUR) {
      return two(s / HOUR, "h", s % HOUR / MINUTE, "m");
    }
    if (s < 2 * DAY) {
      return s / HOUR + "h";
    }
    if (s < 8 * DAY) {
      return two(s / DAY, "d", s % DAY / HOUR, "h");
    }
    if (s < 2 * YEAR) {
      return s / DAY + "d";
    }
    if (s < 8 * YEAR) {
      return two(s / YEAR, "y", s % YEAR / DAY, "d");
    }
    return s / YEAR + "y";
  }

  private static String two(long a, String unitA, long b, String unitB) {
    return b == 0 ? a + unitA : a + unitA + b + unitB;
  }
}
