package io.kubra.apiserver.admission.policy;

import dev.cel.common.types.SimpleType;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.expression.RequestExpressions;
import io.kubra.apiserver.cel.Budget;
import io.kubra.apiserver.cel.CelException;
import io.kubra.apiserver.cel.Expression;
import io.kubra.apiserver.cel.Values;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The variables of a policy: each is evaluated when it is first used, at most once. */
final class Variables {
  private record Variable(@Nullable Expression expression, String problem) {}

  private final Map<String, Variable> variables = new LinkedHashMap<>();

  /** Compiles variables, and makes each known to the expressions after it. */
  static Variables of(List<Map<String, Object>> trees, RequestExpressions expressions) {
    Variables all = new Variables();
    for (Map<String, Object> tree : trees) {
      String name = Trees.stringOr(tree, "", "name");
      try {
        Expression e = expressions.compile(Trees.stringOr(tree, "", "expression"));
        all.variables.put(name, new Variable(e, ""));
        expressions.variable(name, e.type());
      } catch (CelException e) {
        all.variables.put(name, new Variable(null, e.message()));
        expressions.variable(name, SimpleType.DYN);
      }
    }
    return all;
  }

  /**
   * Values for one evaluation: those of the request, {@code params} and {@code variables}.
   *
   * @param budget what the variables cost is taken from it
   */
  Function<String, @Nullable Object> values(
      Function<String, @Nullable Object> request,
      @Nullable Map<String, Object> params,
      Budget budget) {
    return new Evaluation(request, Values.of(params), budget);
  }

  private final class Evaluation implements Function<String, @Nullable Object> {
    private final Function<String, @Nullable Object> request;
    private final Object params;
    private final Object lazy;
    private final Map<String, Object> known = new HashMap<>();

    Evaluation(Function<String, @Nullable Object> request, Object params, Budget budget) {
      this.request = request;
      this.params = params;
      this.lazy = Values.lazy(variables.keySet(), name -> evaluate(name, budget));
    }

    @Override
    public @Nullable Object apply(String name) {
      return switch (name) {
        case "params" -> params;
        case "variables" -> lazy;
        default -> request.apply(name);
      };
    }

    private Object evaluate(String name, Budget budget) {
      Object value = known.get(name);
      if (value != null) {
        return value;
      }
      Variable variable = variables.get(name);
      if (variable == null || variable.expression() == null) {
        throw new CelException(
            "composited variable \"%s\" fails to compile: %s"
                .formatted(name, variable == null ? "" : variable.problem()));
      }
      try {
        value = variable.expression().evaluate(this, budget);
      } catch (CelException e) {
        if (e.isOutOfBudget()) {
          throw e;
        }
        throw new CelException(
            "composited variable \"%s\" fails to evaluate: %s".formatted(name, e.message()));
      }
      known.put(name, value);
      return value;
    }
  }
}
