package io.kubra.conformance;

import io.kubra.conformance.verdict.Outcome;
import java.util.List;

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

  /** What runs that were killed had left was removed; the paths of it. */
  default void removed(List<String> paths) {}
}
