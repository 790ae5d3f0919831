package io.kubra.controllers.cronjob;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A cron schedule of five fields (minute, hour, day of month, month, day of week), a named interval
 * such as {@code @daily}, or {@code @every 1h30m}. If both day fields are limited, a day that meets
 * either is meant; if one is a star, both must hold. A local time that a change of clocks leaves
 * out is skipped.
 */
final class Schedule {
  private static final Map<String, String> NAMED =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
  private static final Pattern PART = Pattern.compile("([0-9.]+)(ns|us|µs|ms|s|m|h)");
  private static final int YEARS = 5;

  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet monthDays;
  private final BitSet months;
  private final BitSet weekDays;
  private final boolean anyDay;
  private final @Nullable Duration every;
  private final ZoneId zone;

  private Schedule(String[] fields, @Nullable Duration every, ZoneId zone) {
    this.minutes = field(fields[0], 0, 59, List.of());
    this.hours = field(fields[1], 0, 23, List.of());
    this.monthDays = field(fields[2], 1, 31, List.of());
    this.months = field(fields[3], 1, 12, MONTHS);
    this.weekDays = field(fields[4], 0, 6, DAYS);
    this.anyDay = open(fields[2]) || open(fields[4]);
    this.every = every;
    this.zone = zone;
  }

  /**
   * Reads a schedule.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Schedule parse(String text, ZoneId zone) {
    String schedule = text.strip();
    if (schedule.startsWith("@every ")) {
      Duration every = duration(schedule.substring(7).strip());
      return new Schedule("* * * * *".split(" "), every, zone);
    }
    String[] fields = NAMED.getOrDefault(schedule, schedule).split("\\s+");
    if (fields.length != 5) {
      throw new IllegalArgumentException("expected exactly 5 fields, found " + fields.length);
    }
    return new Schedule(fields, null, zone);
  }

  private static boolean star(String part) {
    return part.equals("*") || part.equals("?");
  }

  /** Whether a field leaves all open: a star with a step does not. */
  private static boolean open(String field) {
    return Arrays.stream(field.split(","))
        .anyMatch(part -> star(part.endsWith("/1") ? part.substring(0, 1) : part));
  }

  private static Duration duration(String text) {
    Matcher matcher = PART.matcher(text);
    double seconds = 0;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      double unit =
          switch (matcher.group(2)) {
            case "h" -> 3600;
            case "m" -> 60;
            case "s" -> 1;
            case "ms" -> 1e-3;
            case "ns" -> 1e-9;
            default -> 1e-6;
          };
      seconds += Double.parseDouble(matcher.group(1)) * unit;
      end = matcher.end();
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException("failed to parse duration " + text);
    }
    return Duration.ofSeconds(Math.max(1, (long) seconds));
  }

  private static BitSet field(String field, int least, int most, List<String> names) {
    BitSet bits = new BitSet();
    for (String part : field.split(",", -1)) {
      String[] stepped = part.split("/", -1);
      String[] ends = stepped[0].split("-", -1);
      int first = least;
      int last = most;
      if (!star(ends[0])) {
        first = number(ends[0], least, names);
        last =
            ends.length == 2 ? number(ends[1], least, names) : stepped.length == 2 ? most : first;
      }
      int step = stepped.length == 2 ? Integer.parseInt(stepped[1]) : 1;
      if (first < least || last > most || first > last || step < 1) {
        throw new IllegalArgumentException("out of range: " + part);
      }
      for (int value = first; value <= last; value += step) {
        bits.set(value);
      }
    }
    return bits;
  }

  private static int number(String text, int least, List<String> names) {
    int name = names.indexOf(text.toLowerCase(Locale.ROOT));
    return name >= 0 ? name + least : Integer.parseInt(text);
  }

  /** The first time after the given one, or null if there is none within five years. */
  @Nullable Instant next(Instant after) {
    if (every != null) {
      return after.truncatedTo(ChronoUnit.SECONDS).plus(every);
    }
    ZonedDateTime start = after.atZone(zone).truncatedTo(ChronoUnit.MINUTES);
    LocalDateTime time = start.toLocalDateTime().plusMinutes(1);
    int lastYear = time.getYear() + YEARS;
    while (time.getYear() <= lastYear) {
      if (!months.get(time.getMonthValue())) {
        time = time.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS).plusMonths(1);
      } else if (!day(time)) {
        time = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
      } else if (!hours.get(time.getHour())) {
        time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      } else if (!minutes.get(time.getMinute())) {
        time = time.plusMinutes(1);
      } else {
        Instant found = time.atZone(zone).toInstant();
        boolean exists = found.atZone(zone).toLocalDateTime().equals(time);
        if (exists && found.isAfter(after)) {
          return found;
        }
        time = time.plusMinutes(1);
      }
    }
    return null;
  }

  private boolean day(LocalDateTime time) {
    boolean byMonth = monthDays.get(time.getDayOfMonth());
    boolean byWeek = weekDays.get(time.getDayOfWeek().getValue() % 7);
    return anyDay ? byMonth && byWeek : byMonth || byWeek;
  }
}
