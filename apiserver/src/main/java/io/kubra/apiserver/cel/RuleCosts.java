package io.kubra.apiserver.cel;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Adds up what the rules of a schema cost at most, and says when it is too much. */
final class RuleCosts {
  /** What one rule may cost for a whole object. */
  private static final long PER_RULE = 10_000_000;

  /** What all rules of a schema may cost together. */
  private static final long PER_SCHEMA = 100_000_000;

  private static final int SHOWN = 4;
  private static final String HINT =
      " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays,"
          + " maps, and strings are declared)";

  private record Observed(FieldPath place, long cost) {}

  private final List<Observed> observed = new ArrayList<>();
  private long total;

  /**
   * Counts an expression.
   *
   * @param what it is in the message: rule or messageExpression
   * @param times how often it is evaluated at most for one object
   */
  void add(FieldPath place, String what, CostRange cost, long times, List<FieldError> errors) {
    long all = CostRange.product(cost.max(), times);
    if (all > PER_RULE) {
      errors.add(
          FieldError.forbidden(place, tooMuch("estimated " + what + " cost", all, PER_RULE)));
    }
    total = CostRange.sum(total, all);
    observed.add(new Observed(place, all));
  }

  /** Says if the sum is too much, and of what it is made. */
  void finish(FieldPath schema, List<FieldError> errors) {
    if (total <= PER_SCHEMA) {
      return;
    }
    observed.stream()
        .sorted(Comparator.comparingLong(Observed::cost).reversed())
        .limit(SHOWN)
        .forEach(
            o ->
                errors.add(
                    FieldError.forbidden(
                        o.place(),
                        "contributed to estimated rule cost total exceeding cost limit for entire"
                            + " OpenAPIv3 schema")));
    errors.add(
        FieldError.forbidden(
            schema,
            tooMuch(
                "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
                total,
                PER_SCHEMA)));
  }

  private static String tooMuch(String what, long cost, long limit) {
    double factor = (double) cost / limit;
    String shown =
        factor > 100
            ? "more than 100x"
            : factor < 1.5
                ? String.format(Locale.ROOT, "%fx", factor)
                : String.format(Locale.ROOT, "%.1fx", factor);
    return what + " exceeds budget by factor of " + shown + HINT;
  }
}
