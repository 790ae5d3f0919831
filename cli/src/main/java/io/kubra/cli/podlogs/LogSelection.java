package io.kubra.cli.podlogs;

import io.kubra.cli.CliException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which containers' logs are wanted, and which part of them.
 *
 * @param namespace the pods' namespace, or empty for all
 * @param selector the pods' labels, or empty for all
 * @param since only lines that are younger, or null for all
 * @param tail at most so many of the last lines of each container, or -1 for all
 * @param follow whether to wait for more, also from pods that are yet to come
 */
public record LogSelection(
    String namespace, String selector, @Nullable Duration since, int tail, boolean follow) {
  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,8})m)?(?:(\\d{1,9})s)?");

  /**
   * A duration as {@code kubectl logs --since} takes it: 5s, 2m, 3h, 1h30m.
   *
   * @throws CliException if it is not one, or is zero
   */
  public static Duration duration(String text) {
    Matcher parts = DURATION.matcher(text);
    Duration sum = Duration.ZERO;
    if (parts.matches()) {
      sum =
          Duration.ofHours(number(parts.group(1)))
              .plusMinutes(number(parts.group(2)))
              .plusSeconds(number(parts.group(3)));
    }
    if (sum.isZero()) {
      throw new CliException("--since takes a duration such as 30s, 5m or 1h30m, not " + text);
    }
    return sum;
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
