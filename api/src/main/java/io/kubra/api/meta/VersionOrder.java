package io.kubra.api.meta;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of API versions, most preferred first: stable ones before beta before alpha, higher
 * numbers before lower, and what does not look like a version last, by name.
 */
public final class VersionOrder implements Comparator<String> {
  /** The only instance that is needed. */
  public static final VersionOrder INSTANCE = new VersionOrder();

  private static final Pattern VERSION =
      Pattern.compile("v([1-9][0-9]{0,17})(?:(alpha|beta)([1-9][0-9]{0,17}))?");

  private VersionOrder() {}

  @Override
  public int compare(String a, String b) {
    Matcher x = VERSION.matcher(a);
    Matcher y = VERSION.matcher(b);
    boolean isVersion = x.matches();
    if (isVersion != y.matches()) {
      return isVersion ? -1 : 1;
    }
    if (!isVersion) {
      return a.compareTo(b);
    }
    int byStage = Integer.compare(stage(x), stage(y));
    if (byStage != 0) {
      return byStage;
    }
    int byMajor = Long.compare(number(y, 1), number(x, 1));
    return byMajor != 0 ? byMajor : Long.compare(number(y, 3), number(x, 3));
  }

  private static int stage(Matcher version) {
    return switch (version.group(2)) {
      case null -> 0;
      case "beta" -> 1;
      default -> 2;
    };
  }

  private static long number(Matcher version, int group) {
    String digits = version.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
