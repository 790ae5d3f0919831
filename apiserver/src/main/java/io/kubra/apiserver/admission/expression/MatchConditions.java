package io.kubra.apiserver.admission.expression;

import dev.cel.common.types.SimpleType;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.cel.Budget;
import io.kubra.apiserver.cel.CelException;
import io.kubra.apiserver.cel.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The match conditions of a webhook or policy: expressions that must all be true of a request.
 * Those that do not compile are errors of each request.
 */
public final class MatchConditions {
  private record Condition(String text, @Nullable Expression expression, String problem) {}

  private final List<Map<String, Object>> trees;
  private final Supplier<RequestExpressions> expressions;
  private volatile @Nullable List<Condition> compiled;

  private MatchConditions(
      List<Map<String, Object>> trees, Supplier<RequestExpressions> expressions) {
    this.trees = trees;
    this.expressions = expressions;
  }

  /**
   * Reads conditions, which are compiled when they are first asked.
   *
   * @param expressions what they may use
   */
  public static MatchConditions of(
      List<Map<String, Object>> conditions, Supplier<RequestExpressions> expressions) {
    return new MatchConditions(List.copyOf(conditions), expressions);
  }

  private List<Condition> compiled() {
    List<Condition> known = compiled;
    if (known == null) {
      RequestExpressions all = expressions.get();
      known = trees.stream().map(c -> condition(Trees.stringOr(c, "", "expression"), all)).toList();
      compiled = known;
    }
    return known;
  }

  /** What is wrong with the text of a condition; empty if nothing is. */
  public static String problem(String text, RequestExpressions expressions) {
    return condition(text, expressions).problem();
  }

  /** Whether there are none, so that every request meets them. */
  public boolean isEmpty() {
    return trees.isEmpty();
  }

  private static Condition condition(String text, RequestExpressions expressions) {
    try {
      return new Condition(text, expressions.compile(text, SimpleType.BOOL), "");
    } catch (CelException e) {
      return new Condition(text, null, e.message());
    }
  }

  /**
   * Whether a request meets the conditions. One that is false decides, whatever others are.
   *
   * @throws CelException if one could not be evaluated, and none is false
   */
  public boolean match(Function<String, @Nullable Object> values) {
    if (trees.isEmpty()) {
      return true;
    }
    Budget budget = Budget.forMatchConditions();
    List<String> problems = new ArrayList<>();
    for (Condition condition : compiled()) {
      try {
        if (!holds(condition, values, budget)) {
          return false;
        }
      } catch (CelException e) {
        problems.add(e.message());
        if (e.isOutOfBudget()) {
          break;
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new CelException(
          problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]");
    }
    return true;
  }

  private static boolean holds(
      Condition condition, Function<String, @Nullable Object> values, Budget budget) {
    if (condition.expression() == null) {
      throw new CelException("compilation error: " + condition.problem());
    }
    return Boolean.TRUE.equals(condition.expression().evaluateNamed(values, budget));
  }
}
