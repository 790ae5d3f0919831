package io.kubra.addons.helm.report;

import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times as Go's library prints them. */
final class GoTime {
  private static final DateTimeFormatter ANSIC =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xx", Locale.ROOT);
  private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("zzz", Locale.ROOT);

  private GoTime() {}

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
