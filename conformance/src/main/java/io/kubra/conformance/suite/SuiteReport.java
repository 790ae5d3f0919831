package io.kubra.conformance.suite;

import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What upstream's end-to-end suite found when it ran against the cluster.
 *
 * @param source where it was read; empty if no report was given
 */
public record SuiteReport(String source, List<Test> tests) {
  /** No report. */
  public static final SuiteReport NONE = new SuiteReport("", List.of());

  // What the architecture does not ask for: no label is one of a feature, and what upstream itself
  // keeps out of ordinary runs.
  private static final Pattern LABELLED =
      Pattern.compile(
          "\\[(Conformance|(Node)?Feature:[^]]*|FeatureGate:[^]]*|Alpha|Beta|BetaOffByDefault"
              + "|Disruptive|Flaky)]");
  private static final int LONGEST = 300;

  /** How a test ended. */
  public enum Result {
    /** It ran and found nothing wrong. */
    PASSED,
    /** It ran and found something wrong, or broke off. */
    FAILED,
    /** It was left out. */
    SKIPPED
  }

  /**
   * A test.
   *
   * @param name with its labels in brackets
   * @param message why it failed; empty unless it did
   */
  public record Test(String name, Result result, String message) {}

  /** Whether a report was given. */
  public boolean given() {
    return !source.isEmpty();
  }

  /**
   * What the suite says of a row.
   *
   * @param sig the special interest group
   * @param label the label that the row's tests carry; {@code None} for tests without any
   */
  public Verdict verdict(String sig, String label) {
    String group = "[sig-" + sig + "]";
    String tag = "[" + label + "]";
    Findings findings = new Findings();
    int ran = 0;
    int skipped = 0;
    for (Test test : tests) {
      boolean of =
          test.name().contains(group)
              && (label.equals("None")
                  ? !LABELLED.matcher(test.name()).find()
                  : test.name().contains(tag));
      if (!of) {
        continue;
      }
      switch (test.result()) {
        case SKIPPED -> skipped++;
        case PASSED -> ran++;
        case FAILED -> {
          ran++;
          String why = test.message().strip();
          findings.breach(
              test.name()
                  + (why.isEmpty()
                      ? " failed"
                      : ": " + why.substring(0, Math.min(why.length(), LONGEST))));
        }
      }
    }
    if (ran == 0) {
      return Verdict.notCheckable(
          Verdict.Cause.SUITE,
          source
              + " holds no test of "
              + group
              + " with "
              + tag
              + " that ran, "
              + skipped
              + " were skipped");
    }
    return findings
        .saw(
            source
                + ": "
                + ran
                + " tests of "
                + group
                + " with "
                + tag
                + " ran, "
                + skipped
                + " were skipped")
        .verdict();
  }
}
