package io.kubra.conformance;

import io.kubra.conformance.verdict.Outcome;

/** Hears of a run as it goes; called by one thread at a time. */
@FunctionalInterface
public interface Progress {
  /**
   * A check has come to an end.
   *
   * @param done how many have
   * @param all how many there are
   */
  void finished(Outcome outcome, int done, int all);
}
