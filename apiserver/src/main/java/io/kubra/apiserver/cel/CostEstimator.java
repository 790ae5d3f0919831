package io.kubra.apiserver.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.Operator;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Estimates what an expression costs at most, before any value is known, after cel-go's model: each
 * step costs something; texts and lists cost by their size, of which the schema says the most; a
 * loop costs its body as often as its range is long.
 */
final class CostEstimator {
  private static final CostRange STEP = CostRange.ONE;
  private static final CostRange NEW_LIST = CostRange.fixed(10);
  private static final CostRange NEW_MAP = CostRange.fixed(30);
  private static final CostRange NEW_OBJECT = CostRange.fixed(40);

  private final CelAbstractSyntaxTree ast;
  private final Function<List<String>, @Nullable CostRange> sizes;
  private final Map<Long, List<String>> paths = new HashMap<>();
  private final Map<Long, CostRange> computed = new HashMap<>();
  private final Map<String, Deque<Local>> locals = new HashMap<>();

  /** A variable of a comprehension. */
  private record Local(List<String> path, @Nullable CostRange size) {}

  private CostEstimator(
      CelAbstractSyntaxTree ast, Function<List<String>, @Nullable CostRange> sizes) {
    this.ast = ast;
    this.sizes = sizes;
  }

  /**
   * The cost of an expression.
   *
   * @param sizes how large values are, by their path: the variable, then fields, {@code @items},
   *     {@code @values}, {@code @keys}; null where nothing is known
   */
  static CostRange estimate(
      Expression expression, Function<List<String>, @Nullable CostRange> sizes) {
    return new CostEstimator(expression.ast(), sizes).cost(expression.ast().getExpr());
  }

  private CostRange cost(CelExpr e) {
    return switch (e.getKind()) {
      case CONSTANT, NOT_SET -> CostRange.ZERO;
      case IDENT -> {
        Local local = local(e.ident().name());
        paths.put(e.id(), local == null ? List.of(e.ident().name()) : local.path());
        yield STEP;
      }
      case SELECT -> select(e);
      case LIST -> all(e.list().elements()).plus(NEW_LIST);
      case MAP -> {
        CostRange sum = NEW_MAP;
        for (CelExpr.CelMap.Entry entry : e.map().entries()) {
          sum = sum.plus(cost(entry.key())).plus(cost(entry.value()));
        }
        yield sum;
      }
      case STRUCT -> {
        CostRange sum = NEW_OBJECT;
        for (CelExpr.CelStruct.Entry entry : e.struct().entries()) {
          sum = sum.plus(cost(entry.value()));
        }
        yield sum;
      }
      case CALL -> call(e);
      case COMPREHENSION -> comprehension(e);
    };
  }

  private CostRange all(List<CelExpr> expressions) {
    CostRange sum = CostRange.ZERO;
    for (CelExpr e : expressions) {
      sum = sum.plus(cost(e));
    }
    return sum;
  }

  private CostRange select(CelExpr e) {
    CelExpr operand = e.select().operand();
    CostRange sum = cost(operand);
    if (e.select().testOnly()) {
      return sum; // to look whether a field is there is free
    }
    paths.put(e.id(), below(path(operand), e.select().field()));
    return switch (kind(operand)) {
      case MAP, STRUCT, TYPE_PARAM -> sum.plus(STEP);
      default -> sum;
    };
  }

  private CostRange call(CelExpr e) {
    CelCall call = e.call();
    List<CelExpr> arguments = new ArrayList<>();
    call.target().ifPresent(arguments::add);
    arguments.addAll(call.args());
    List<CostRange> costs = new ArrayList<>();
    arguments.forEach(a -> costs.add(cost(a)));
    String function = call.function();
    if (function.equals(Operator.LOGICAL_AND.getFunction())
        || function.equals(Operator.LOGICAL_OR.getFunction())) {
      CostRange left = costs.getFirst();
      CostRange right = costs.getLast();
      return new CostRange(left.min(), CostRange.sum(left.max(), right.max()));
    }
    if (function.equals(Operator.CONDITIONAL.getFunction())) {
      computed.put(e.id(), size(arguments.get(1)).or(size(arguments.get(2))));
      return costs.get(0).plus(costs.get(1).or(costs.get(2)));
    }
    CostRange sum = CostRange.ZERO;
    for (CostRange c : costs) {
      sum = sum.plus(c);
    }
    if (function.equals(Operator.INDEX.getFunction())) {
      String step = kind(arguments.getFirst()) == CelKind.LIST ? "@items" : "@values";
      paths.put(e.id(), below(path(arguments.getFirst()), step));
    }
    CallEstimates.Estimate estimate =
        CallEstimates.of(
            function,
            arguments.stream().map(this::size).toList(),
            arguments.stream().map(this::type).toList(),
            arguments.isEmpty() ? CostRange.UNKNOWN : itemSize(arguments.getFirst()));
    if (estimate.resultSize() != null) {
      computed.put(e.id(), estimate.resultSize());
    }
    return sum.plus(estimate.cost());
  }

  private CostRange comprehension(CelExpr e) {
    CelComprehension c = e.comprehension();
    CostRange sum = cost(c.iterRange()).plus(cost(c.accuInit()));
    boolean list = kind(c.iterRange()) == CelKind.LIST;
    List<String> range = path(c.iterRange());
    push(c.accuVar(), new Local(path(c.accuInit()), null));
    boolean two = !c.iterVar2().isEmpty();
    String first = list ? (two ? "@indices" : "@items") : "@keys";
    push(c.iterVar(), new Local(below(range, first), null));
    if (two) {
      push(c.iterVar2(), new Local(below(range, list ? "@items" : "@values"), null));
    }
    CostRange body = cost(c.loopCondition()).plus(cost(c.loopStep()));
    pop(c.iterVar());
    if (two) {
      pop(c.iterVar2());
    }
    sum = sum.plus(cost(c.result()));
    pop(c.accuVar());
    CostRange times = size(c.iterRange());
    if (c.accuInit().getKind() == Kind.LIST || c.accuInit().getKind() == Kind.MAP) {
      computed.put(e.id(), times);
    }
    return sum.plus(times.times(body));
  }

  private CostRange size(CelExpr e) {
    CostRange known = computed.get(e.id());
    if (known != null) {
      return known;
    }
    if (e.getKind() == Kind.CONSTANT) {
      return constant(e.constant());
    }
    if (e.getKind() == Kind.LIST) {
      return CostRange.fixed(e.list().elements().size());
    }
    if (e.getKind() == Kind.MAP) {
      return CostRange.fixed(e.map().entries().size());
    }
    List<String> path = path(e);
    CostRange bySchema = path.isEmpty() ? null : sizes.apply(path);
    if (bySchema != null) {
      return bySchema;
    }
    return switch (kind(e)) {
      case BOOL, INT, UINT, DOUBLE, TIMESTAMP, DURATION, NULL_TYPE -> CostRange.ONE;
      default -> CostRange.UNKNOWN;
    };
  }

  private static CostRange constant(CelConstant constant) {
    return switch (constant.getKind()) {
      case STRING_VALUE -> CostRange.fixed(constant.stringValue().length());
      case BYTES_VALUE -> CostRange.fixed(constant.bytesValue().size());
      default -> CostRange.ONE;
    };
  }

  /** The size of the items of a list; texts of no known length are unbounded. */
  private CostRange itemSize(CelExpr list) {
    if (kind(list) != CelKind.LIST) {
      return CostRange.UNKNOWN;
    }
    List<String> path = path(list);
    CostRange known = path.isEmpty() ? null : sizes.apply(below(path, "@items"));
    return known == null ? CostRange.UNKNOWN : known;
  }

  private CelType type(CelExpr e) {
    return ast.getType(e.id()).orElse(dev.cel.common.types.SimpleType.DYN);
  }

  private CelKind kind(CelExpr e) {
    return type(e).kind();
  }

  private List<String> path(CelExpr e) {
    return paths.getOrDefault(e.id(), List.of());
  }

  /** Below what has no path there is none either. */
  private static List<String> below(List<String> path, String step) {
    if (path.isEmpty()) {
      return path;
    }
    List<String> longer = new ArrayList<>(path);
    longer.add(step);
    return longer;
  }

  private @Nullable Local local(String name) {
    Deque<Local> stack = locals.get(name);
    return stack == null ? null : stack.peek();
  }

  private void push(String name, Local local) {
    locals.computeIfAbsent(name, n -> new ArrayDeque<>()).push(local);
  }

  private void pop(String name) {
    Deque<Local> stack = locals.get(name);
    if (stack != null) {
      stack.pop();
    }
  }
}
