package io.kubra.apiserver.cel;

/**
 * What evaluations may cost, in the units of upstream's cost model: about one for each step. One
 * budget is for one request (or policy), and each evaluation has a limit of its own beside it. Used
 * by one thread.
 */
public final class Budget {
  /** What one evaluation may cost. */
  static final long PER_EXPRESSION = 1_000_000;

  /** What all evaluations for a request, or of a policy, may cost together. */
  private static final long PER_REQUEST = 10_000_000;

  /** What all match conditions of a webhook or policy may cost together. */
  private static final long MATCH_CONDITIONS = 2_500_000;

  private long left;

  private Budget(long left) {
    this.left = left;
  }

  /** For the rules of an object, or the expressions of a policy. */
  public static Budget forRequest() {
    return new Budget(PER_REQUEST);
  }

  /** For match conditions. */
  public static Budget forMatchConditions() {
    return new Budget(MATCH_CONDITIONS);
  }

  /** Whether the budget allowed to spend that. */
  boolean spend(long cost) {
    left -= cost;
    return left >= 0;
  }
}
