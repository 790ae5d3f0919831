package io.kubra.addons.helm.report;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times and durations as Go's library writes them. */
public final class GoTime {
  private static final DateTimeFormatter ANSIC =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xx", Locale.ROOT);
  private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("zzz", Locale.ROOT);

  private static final Pattern DURATION = Pattern.compile("(\\d+(\\.\\d+)?(ms|h|m|s))+");
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|h|m|s)");

  private GoTime() {}

  /**
   * Reads a duration such as {@code 5m0s}, {@code 1h30m} or {@code 500ms}.
   *
   * @throws IllegalArgumentException in Go's words, if it is none
   */
  public static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (!DURATION.matcher(text).matches()) {
      throw new IllegalArgumentException(
          text.matches("\\d+")
              ? "time: missing unit in duration \"" + text + '"'
              : "time: invalid duration \"" + text + '"');
    }
    double seconds = 0;
    Matcher m = PART.matcher(text);
    while (m.find()) {
      double unit =
          switch (m.group(2)) {
            case "h" -> 3600;
            case "m" -> 60;
            case "ms" -> 0.001;
            default -> 1;
          };
      seconds += Double.parseDouble(m.group(1)) * unit;
    }
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  /** Like {@code Mon Jan 2 15:04:05 2006}. */
  static String ansic(@Nullable OffsetDateTime time) {
    return time == null ? "Mon Jan  1 00:00:00 0001" : ANSIC.format(time);
  }

  /** Like {@code 2006-01-02 15:04:05.999999999 -0700 MST}; digits of zero are left out. */
  static String full(OffsetDateTime time) {
    String nanos = "";
    if (time.getNano() != 0) {
      nanos = String.format(Locale.ROOT, ".%09d", time.getNano()).replaceAll("0+$", "");
    }
    return SECONDS.format(time) + nanos + " " + OFFSET.format(time) + " " + zone(time);
  }

  /** The zone's short name where it is UTC's or this machine's, the offset again elsewhere. */
  private static String zone(OffsetDateTime time) {
    if (time.getOffset().equals(ZoneOffset.UTC)) {
      return "UTC";
    }
    ZonedDateTime here = time.atZoneSameInstant(ZoneId.systemDefault());
    return here.getOffset().equals(time.getOffset()) ? ZONE.format(here) : OFFSET.format(time);
  }
}
