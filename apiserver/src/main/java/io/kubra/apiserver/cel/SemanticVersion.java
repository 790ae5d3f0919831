package io.kubra.apiserver.cel;

import dev.cel.runtime.CelEvaluationException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A version by semver.org 2.0.0 in expressions; build metadata does not count. */
record SemanticVersion(long major, long minor, long patch, List<String> pre, String text)
    implements Comparable<SemanticVersion> {
  private static final String NUMBER = "(0|[1-9]\\d{0,17})";
  private static final String PART = "(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
  private static final Pattern FORM =
      Pattern.compile(
          NUMBER
              + "\\."
              + NUMBER
              + "\\."
              + NUMBER
              + "(?:-("
              + PART
              + "(?:\\."
              + PART
              + ")*))?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?");
  private static final Pattern LENIENT =
      Pattern.compile("v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(.*)");

  static @Nullable SemanticVersion parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      return null;
    }
    String pre = m.group(4);
    return new SemanticVersion(
        Long.parseLong(m.group(1)),
        Long.parseLong(m.group(2)),
        Long.parseLong(m.group(3)),
        pre == null ? List.of() : List.of(pre.split("\\.")),
        text);
  }

  /** Reads what users write: a leading v, missing minor and patch, leading zeros. */
  static @Nullable SemanticVersion parseLenient(String text) {
    Matcher m = LENIENT.matcher(text);
    if (!m.matches() || (m.group(3) == null && !m.group(4).isEmpty())) {
      return null;
    }
    return parse(
        number(m.group(1)) + "." + number(m.group(2)) + "." + number(m.group(3)) + m.group(4));
  }

  private static String number(@Nullable String digits) {
    String stripped = digits == null ? "0" : digits.replaceFirst("^0+(?=\\d)", "");
    return stripped;
  }

  static SemanticVersion required(@Nullable SemanticVersion version) throws CelEvaluationException {
    if (version == null) {
      throw new CelEvaluationException("No Major.Minor.Patch elements found");
    }
    return version;
  }

  @Override
  public int compareTo(SemanticVersion other) {
    int order = Long.compare(major, other.major);
    order = order != 0 ? order : Long.compare(minor, other.minor);
    order = order != 0 ? order : Long.compare(patch, other.patch);
    if (order != 0 || (pre.isEmpty() && other.pre.isEmpty())) {
      return order;
    }
    if (pre.isEmpty() || other.pre.isEmpty()) {
      return pre.isEmpty() ? 1 : -1;
    }
    for (int i = 0; i < Math.min(pre.size(), other.pre.size()); i++) {
      order = compareParts(pre.get(i), other.pre.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(pre.size(), other.pre.size());
  }

  /** Numbers come before words. */
  private static int compareParts(String a, String b) {
    boolean numberA = a.chars().allMatch(c -> c >= '0' && c <= '9');
    boolean numberB = b.chars().allMatch(c -> c >= '0' && c <= '9');
    if (numberA && numberB) {
      int length = Integer.compare(a.length(), b.length());
      return length != 0 ? length : a.compareTo(b);
    }
    return numberA == numberB ? a.compareTo(b) : numberA ? -1 : 1;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SemanticVersion v && compareTo(v) == 0;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(major * 31 * 31 + minor * 31 + patch) ^ pre.hashCode();
  }
}
