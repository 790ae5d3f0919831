package io.kubra.apiserver.flow;

/**
 * How many seats a level has.
 *
 * @param nominal its share of the server's
 * @param lower what is left when everything is lent that may be
 * @param upper what it has when everything is borrowed that may be
 */
record Seats(int nominal, int lower, int upper) {
  static Seats of(LevelSpec spec, int total, long allShares) {
    int nominal =
        allShares == 0 ? 0 : (int) Math.ceil((double) total * spec.shares() / (double) allShares);
    int lendable = (int) Math.round(nominal * spec.lendablePercent() / 100.0);
    int borrowable =
        spec.borrowingPercent() < 0
            ? total
            : (int) Math.round(nominal * spec.borrowingPercent() / 100.0);
    return new Seats(nominal, nominal - lendable, Math.max(nominal, nominal + borrowable));
  }
}
