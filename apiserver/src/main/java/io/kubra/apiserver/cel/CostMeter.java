package io.kubra.apiserver.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what one evaluation costs, and ends it when it is too much. */
final class CostMeter implements CelEvaluationListener {
  private final CostTable table;
  private @Nullable Map<Long, Object> results;
  private long cost;

  CostMeter(CostTable table) {
    this.table = table;
  }

  long cost() {
    return cost;
  }

  boolean exceeded() {
    return cost > Budget.PER_EXPRESSION;
  }

  @Override
  public void callback(CelExpr step, Object result) {
    long id = step.id();
    CostTable.Call call = table.call(id);
    cost += call == null ? table.fixed(id) : CallCosts.of(call.function(), arguments(call), result);
    if (exceeded()) {
      throw new IllegalStateException("operation cancelled: actual cost limit exceeded");
    }
    if (table.isRemembered(id)) {
      if (results == null) {
        results = new HashMap<>();
      }
      results.put(id, result);
    }
  }

  private @Nullable Object[] arguments(CostTable.Call call) {
    @Nullable Object[] values = new Object[call.arguments().length];
    if (results != null) {
      for (int i = 0; i < values.length; i++) {
        values[i] = results.get(call.arguments()[i]);
      }
    }
    return values;
  }
}
