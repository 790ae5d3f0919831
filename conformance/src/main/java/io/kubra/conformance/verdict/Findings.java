package io.kubra.conformance.verdict;

import java.util.ArrayList;
import java.util.List;

/** Collects what a check sees and what is wrong, and decides. For one thread. */
public final class Findings {
  private static final int MOST_LINES = 40;

  private final List<String> seen = new ArrayList<>();
  private final List<String> breaches = new ArrayList<>();

  /** Notes something that was read or done. */
  public Findings saw(String what) {
    seen.add(what);
    return this;
  }

  /** Notes something that is wrong. */
  public Findings breach(String what) {
    breaches.add(what);
    return this;
  }

  /** Notes a condition: as evidence if it holds, else as what is wrong. */
  public Findings expect(boolean holds, String good, String bad) {
    return holds ? saw(good) : breach(bad);
  }

  /** Notes one statement that holds or not. */
  public Findings require(boolean holds, String statement) {
    return expect(holds, statement, "not so: " + statement);
  }

  /** Whether something is wrong so far. */
  public boolean failed() {
    return !breaches.isEmpty();
  }

  /** A failure if anything is wrong, else a pass. */
  public Verdict verdict() {
    return breaches.isEmpty()
        ? new Verdict.Pass(shortened(seen))
        : new Verdict.Fail(shortened(breaches), shortened(seen));
  }

  /** Evidence without a decision. */
  public List<String> evidence() {
    return shortened(seen);
  }

  private static List<String> shortened(List<String> lines) {
    if (lines.size() <= MOST_LINES) {
      return List.copyOf(lines);
    }
    List<String> head = new ArrayList<>(lines.subList(0, MOST_LINES));
    head.add("... and " + (lines.size() - MOST_LINES) + " more");
    return List.copyOf(head);
  }
}
