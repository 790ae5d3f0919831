package io.kubra.conformance.verdict;

import java.util.List;

/** What a check decided, with what it read or did. */
public sealed interface Verdict {
  /** What was read or done, a line each. */
  List<String> evidence();

  /** The word for people and files. */
  String word();

  /** The requirement is met. */
  record Pass(List<String> evidence) implements Verdict {
    @Override
    public String word() {
      return "pass";
    }
  }

  /**
   * The requirement is not met.
   *
   * @param breaches what is wrong, a line each; never empty
   */
  record Fail(List<String> breaches, List<String> evidence) implements Verdict {
    @Override
    public String word() {
      return "fail";
    }
  }

  /** The requirement does not bind this cluster, for the reason given. */
  record NotApplicable(String reason, List<String> evidence) implements Verdict {
    @Override
    public String word() {
      return "not applicable";
    }
  }

  /** No program, or not this one here, can tell. */
  record NotCheckable(Cause cause, String reason, List<String> evidence) implements Verdict {
    @Override
    public String word() {
      return "not checkable";
    }
  }

  /** Why something could not be checked. */
  enum Cause {
    /** People, procedures or outside systems decide; the reason says what to look at. */
    MANUAL,
    /** Upstream's end-to-end suite decides, and no report of it was given. */
    SUITE,
    /** The kubeconfig's user may not read or do what the check needs. */
    RIGHTS,
    /** Something that the check needs on the cluster or in its image is not there. */
    MEANS,
    /** The check did not come to an end: time, connection, or a defect. */
    UNFINISHED
  }

  /** A pass. */
  static Verdict pass(String... evidence) {
    return new Pass(List.of(evidence));
  }

  /** A failure. */
  static Verdict fail(String... breaches) {
    return new Fail(List.of(breaches), List.of());
  }

  /** Not applicable. */
  static Verdict notApplicable(String reason) {
    return new NotApplicable(reason, List.of());
  }

  /** Not checkable. */
  static Verdict notCheckable(Cause cause, String reason) {
    return new NotCheckable(cause, reason, List.of());
  }
}
