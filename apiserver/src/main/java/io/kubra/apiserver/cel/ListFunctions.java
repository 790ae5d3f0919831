package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionOverload;
import io.kubra.apiserver.cel.Function.Arg;
import java.time.Duration;
import java.util.List;

/** The list library: isSorted, sum, min, max, indexOf, lastIndexOf. */
final class ListFunctions {
  private static final CelType ITEM = TypeParamType.create("T");
  private static final Arg LIST = new Arg(ListType.create(ITEM), List.class);

  static final List<Function> ALL =
      List.of(
          of("isSorted", SimpleType.BOOL, a -> isSorted((List<?>) a[0])),
          of("sum", ITEM, a -> sum((List<?>) a[0])),
          of("min", ITEM, a -> extreme((List<?>) a[0], -1, "min")),
          of("max", ITEM, a -> extreme((List<?>) a[0], 1, "max")),
          index("lastIndexOf", a -> (long) ((List<?>) a[0]).lastIndexOf(a[1])),
          index("indexOf", a -> (long) ((List<?>) a[0]).indexOf(a[1])));

  private ListFunctions() {}

  private static Function of(String name, CelType result, CelFunctionOverload code) {
    return Function.of(name, Function.member("list_" + name, result, List.of(LIST), code));
  }

  private static Function index(String name, CelFunctionOverload code) {
    return Function.of(
        name,
        Function.member(
            "list_" + name, SimpleType.INT, List.of(LIST, new Arg(ITEM, Object.class)), code));
  }

  private static boolean isSorted(List<?> list) throws CelEvaluationException {
    for (int i = 1; i < list.size(); i++) {
      if (compare(list.get(i - 1), list.get(i)) > 0) {
        return false;
      }
    }
    return true;
  }

  private static Object sum(List<?> list) throws CelEvaluationException {
    if (!list.isEmpty() && list.stream().allMatch(Duration.class::isInstance)) {
      return list.stream().map(Duration.class::cast).reduce(Duration.ZERO, Duration::plus);
    }
    if (list.stream().allMatch(Long.class::isInstance)) {
      try {
        return list.stream().mapToLong(n -> (Long) n).reduce(0, Math::addExact);
      } catch (ArithmeticException e) {
        throw new CelEvaluationException("integer overflow", e);
      }
    }
    if (!list.stream().allMatch(Number.class::isInstance)) {
      throw new CelEvaluationException("no such overload");
    }
    return list.stream().mapToDouble(n -> ((Number) n).doubleValue()).sum();
  }

  private static Object extreme(List<?> list, int sign, String name) throws CelEvaluationException {
    Object best = null;
    for (Object item : list) {
      if (best == null || compare(item, best) * sign > 0) {
        best = item;
      }
    }
    if (best == null) {
      throw new CelEvaluationException(name + " called on empty list");
    }
    return best;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static int compare(Object a, Object b) throws CelEvaluationException {
    if (a instanceof Comparable x && a.getClass() == b.getClass()) {
      return x.compareTo(b);
    }
    if (a instanceof Number x && b instanceof Number y) {
      return Double.compare(x.doubleValue(), y.doubleValue());
    }
    throw new CelEvaluationException("no such overload");
  }
}
