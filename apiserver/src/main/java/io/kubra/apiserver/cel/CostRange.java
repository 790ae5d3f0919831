package io.kubra.apiserver.cel;

/** At least and at most: sizes and costs of which only that is known. Large ones end at the top. */
record CostRange(long min, long max) {
  /** What an unbounded value may be. */
  static final long UNBOUNDED = Long.MAX_VALUE;

  static final CostRange ZERO = new CostRange(0, 0);
  static final CostRange ONE = new CostRange(1, 1);
  static final CostRange UNKNOWN = new CostRange(0, UNBOUNDED);

  static CostRange fixed(long value) {
    return new CostRange(value, value);
  }

  static CostRange upTo(long max) {
    return new CostRange(0, max);
  }

  CostRange plus(CostRange other) {
    return new CostRange(sum(min, other.min), sum(max, other.max));
  }

  CostRange times(CostRange other) {
    return new CostRange(product(min, other.min), product(max, other.max));
  }

  /** Multiplied and rounded up. */
  CostRange times(double factor) {
    return new CostRange(scaled(min, factor), scaled(max, factor));
  }

  /** What covers both. */
  CostRange or(CostRange other) {
    return new CostRange(Math.min(min, other.min), Math.max(max, other.max));
  }

  /** The smaller of two sizes. */
  CostRange smaller(CostRange other) {
    return new CostRange(Math.min(min, other.min), Math.min(max, other.max));
  }

  static long sum(long a, long b) {
    return a > UNBOUNDED - b ? UNBOUNDED : a + b;
  }

  static long product(long a, long b) {
    return a != 0 && b > UNBOUNDED / a ? UNBOUNDED : a * b;
  }

  private static long scaled(long value, double factor) {
    return (long) Math.min(Math.ceil(value * factor), (double) UNBOUNDED);
  }
}
