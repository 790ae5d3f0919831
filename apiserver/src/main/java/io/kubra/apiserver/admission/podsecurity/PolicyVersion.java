package io.kubra.apiserver.admission.podsecurity;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of Kubernetes whose controls apply.
 *
 * @param minor the 24 of v1.24; {@link #LATEST} has the highest there can be
 */
public record PolicyVersion(int minor) implements Comparable<PolicyVersion> {
  /** Whatever the server's own version says. */
  public static final PolicyVersion LATEST = new PolicyVersion(Integer.MAX_VALUE);

  private static final Pattern FORMAT = Pattern.compile("v1\\.(0|[1-9][0-9]{0,8})");

  /** The version of a label's value. */
  static Optional<PolicyVersion> of(String text) {
    if (text.equals("latest")) {
      return Optional.of(LATEST);
    }
    Matcher version = FORMAT.matcher(text);
    return version.matches()
        ? Optional.of(new PolicyVersion(Integer.parseInt(version.group(1))))
        : Optional.empty();
  }

  @Override
  public int compareTo(PolicyVersion other) {
    return Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return equals(LATEST) ? "latest" : "v1." + minor;
  }
}
