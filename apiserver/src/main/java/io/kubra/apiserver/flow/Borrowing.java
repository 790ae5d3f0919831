package io.kubra.apiserver.flow;

import java.util.List;

/**
 * Shares the server's seats by what levels need: each gets what it has wanted at most lately,
 * within what it may lend and borrow; where that is more or less than there is, all get the same
 * fraction of it.
 */
final class Borrowing {
  /** How fast a level's past need is forgotten, as upstream has it. */
  private static final double DECAY = 0.977;

  private static final int STEPS = 50;

  private Borrowing() {}

  /** What a level needs. */
  static final class Need {
    final int lower;
    final int upper;
    final double demand;

    Need(int lower, int upper, double demand) {
      this.lower = lower;
      this.upper = upper;
      this.demand = demand;
    }
  }

  /** What to reckon with after a peak, which is forgotten slowly. */
  static double smoothed(double before, int peak) {
    return Math.max(peak, DECAY * before + (1 - DECAY) * peak);
  }

  /** Seats for each level, in the same order; together they are about the total. */
  static int[] share(List<Need> needs, int total) {
    double low = 0;
    double high = 1;
    while (sum(needs, high) < total && high < 1e9) {
      high *= 2;
    }
    for (int i = 0; i < STEPS; i++) {
      double middle = (low + high) / 2;
      if (sum(needs, middle) < total) {
        low = middle;
      } else {
        high = middle;
      }
    }
    int[] seats = new int[needs.size()];
    for (int i = 0; i < seats.length; i++) {
      seats[i] = (int) Math.round(seats(needs.get(i), high));
    }
    return seats;
  }

  private static double sum(List<Need> needs, double fraction) {
    double sum = 0;
    for (Need need : needs) {
      sum += seats(need, fraction);
    }
    return sum;
  }

  private static double seats(Need need, double fraction) {
    // what a level must keep counts as wanted, and a seat even where it may lend all
    double wanted = Math.max(1, Math.max(need.lower, need.demand));
    return Math.clamp(wanted * fraction, need.lower, Math.max(need.lower, need.upper));
  }
}
