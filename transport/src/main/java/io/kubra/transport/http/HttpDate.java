package io.kubra.transport.http;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of the {@code Date} header, formatted once a second. */
final class HttpDate {
  private record Formatted(long second, String text) {}

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
  private static volatile Formatted latest = new Formatted(0, "");

  private HttpDate() {}

  static String now() {
    long second = System.currentTimeMillis() / 1000;
    Formatted known = latest;
    if (known.second != second) {
      known = new Formatted(second, FORMAT.format(ZonedDateTime.now(ZoneOffset.UTC)));
      latest = known;
    }
    return known.text;
  }
}
