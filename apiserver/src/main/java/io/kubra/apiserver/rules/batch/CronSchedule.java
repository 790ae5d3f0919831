package io.kubra.apiserver.rules.batch;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The syntax of cron schedules: five fields or a named interval. */
final class CronSchedule {
  private static final Set<String> NAMED =
      Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  private record Bounds(int least, int most, List<String> names) {}

  private static final List<Bounds> FIELDS =
      List.of(
          new Bounds(0, 59, List.of()),
          new Bounds(0, 23, List.of()),
          new Bounds(1, 31, List.of()),
          new Bounds(1, 12, MONTHS),
          new Bounds(0, 6, DAYS));

  private CronSchedule() {}

  /** What is wrong with a schedule; empty if nothing is. */
  static String problem(String schedule) {
    String text = schedule.strip();
    if (text.startsWith("TZ=") || text.startsWith("CRON_TZ=")) {
      return "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
    }
    if (text.startsWith("@")) {
      boolean known = NAMED.contains(text) || text.matches("@every ([0-9.]+(ns|us|µs|ms|s|m|h))+");
      return known ? "" : "unrecognized descriptor: " + text;
    }
    String[] fields = text.split("\\s+");
    if (fields.length != FIELDS.size()) {
      return "expected exactly 5 fields, found "
          + fields.length
          + ": ["
          + String.join(" ", fields)
          + "]";
    }
    for (int i = 0; i < fields.length; i++) {
      for (String part : fields[i].split(",", -1)) {
        String problem = part(part, FIELDS.get(i));
        if (!problem.isEmpty()) {
          return problem;
        }
      }
    }
    return "";
  }

  private static String part(String part, Bounds bounds) {
    String[] stepped = part.split("/", -1);
    if (stepped.length > 2) {
      return "too many slashes: " + part;
    }
    if (stepped.length == 2
        && (!stepped[1].matches("[0-9]{1,4}") || Integer.parseInt(stepped[1]) == 0)) {
      return "step of range should be a positive number: " + part;
    }
    if (stepped[0].equals("*") || stepped[0].equals("?")) {
      return "";
    }
    String[] ends = stepped[0].split("-", -1);
    if (ends.length > 2) {
      return "too many hyphens: " + part;
    }
    int first = number(ends[0], bounds);
    int last = ends.length == 2 ? number(ends[1], bounds) : first;
    if (first < 0 || last < 0) {
      return "failed to parse int from " + part;
    }
    if (first < bounds.least()) {
      return "beginning of range (" + first + ") below minimum (" + bounds.least() + "): " + part;
    }
    if (last > bounds.most()) {
      return "end of range (" + last + ") above maximum (" + bounds.most() + "): " + part;
    }
    return first > last
        ? "beginning of range (" + first + ") beyond end of range (" + last + "): " + part
        : "";
  }

  private static int number(String text, Bounds bounds) {
    int name = bounds.names().indexOf(text.toLowerCase(Locale.ROOT));
    if (name >= 0) {
      return name + bounds.least();
    }
    return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : -1;
  }
}
