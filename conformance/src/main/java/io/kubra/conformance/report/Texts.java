package io.kubra.conformance.report;

import io.kubra.conformance.verdict.Verdict;

/** What reports say of verdicts. */
public final class Texts {
  private Texts() {}

  /** What is wrong, or why there is no decision; empty for a pass. */
  public static String reason(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Pass p -> "";
      case Verdict.Fail f -> String.join("\n", f.breaches());
      case Verdict.NotApplicable n -> n.reason();
      case Verdict.NotCheckable n -> n.reason();
    };
  }
}
