package io.kubra.apiserver.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.Operator;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is known before a program runs of what its steps cost: fixed costs by the number of the
 * step, and the calls whose cost depends on their arguments.
 */
final class CostTable {
  private static final long LIST = 10;
  private static final long MAP = 30;
  private static final long STRUCT = 40;

  /**
   * A call whose arguments count.
   *
   * @param arguments the numbers of the steps that give them, the target first
   */
  record Call(String function, long[] arguments) {}

  private final Map<Long, Long> fixed = new HashMap<>();
  private final Map<Long, Call> calls = new HashMap<>();
  private final Set<Long> remembered = new HashSet<>();

  private CostTable() {}

  static CostTable of(CelAbstractSyntaxTree ast) {
    CostTable table = new CostTable();
    table.add(ast.getExpr());
    return table;
  }

  /** The cost of a step that does not depend on values. */
  long fixed(long step) {
    return fixed.getOrDefault(step, 0L);
  }

  /** The call that a step is, if its arguments count. */
  @org.jspecify.annotations.Nullable
  Call call(long step) {
    return calls.get(step);
  }

  /** Whether a step's result is an argument that counts. */
  boolean isRemembered(long step) {
    return remembered.contains(step);
  }

  private void add(CelExpr e) {
    switch (e.getKind()) {
      case CONSTANT, NOT_SET -> {}
      case IDENT -> fixed.put(e.id(), 1L);
      case SELECT -> path(e);
      case LIST -> {
        fixed.put(e.id(), LIST);
        e.list().elements().forEach(this::add);
      }
      case MAP -> {
        fixed.put(e.id(), MAP);
        e.map()
            .entries()
            .forEach(
                entry -> {
                  add(entry.key());
                  add(entry.value());
                });
      }
      case STRUCT -> {
        fixed.put(e.id(), STRUCT);
        e.struct().entries().forEach(entry -> add(entry.value()));
      }
      case CALL -> call(e);
      case COMPREHENSION -> {
        add(e.comprehension().iterRange());
        add(e.comprehension().accuInit());
        add(e.comprehension().loopCondition());
        add(e.comprehension().loopStep());
        add(e.comprehension().result());
      }
    }
  }

  /**
   * A path through objects is evaluated as one step; each field of it costs one, except that it is
   * free to look whether the last is there.
   */
  private void path(CelExpr e) {
    long cost = e.select().testOnly() ? -1 : 0;
    CelExpr at = e;
    while (at.getKind() == Kind.SELECT) {
      cost++;
      at = at.select().operand();
    }
    if (at.getKind() == Kind.IDENT) {
      cost++;
    } else {
      add(at);
    }
    fixed.put(e.id(), cost);
  }

  private void call(CelExpr e) {
    CelCall call = e.call();
    List<CelExpr> arguments = new ArrayList<>();
    call.target().ifPresent(arguments::add);
    arguments.addAll(call.args());
    arguments.forEach(this::add);
    if (call.function().equals(Operator.LOGICAL_AND.getFunction())
        || call.function().equals(Operator.LOGICAL_OR.getFunction())
        || call.function().equals(Operator.CONDITIONAL.getFunction())) {
      return;
    }
    if (CallCosts.dependsOnArguments(call.function())) {
      long[] steps = arguments.stream().mapToLong(CelExpr::id).toArray();
      calls.put(e.id(), new Call(call.function(), steps));
      for (long step : steps) {
        remembered.add(step);
      }
    } else {
      fixed.put(e.id(), CallCosts.fixed(call.function()));
    }
  }
}
