package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionOverload;
import io.kubra.api.quantity.Quantity;
import io.kubra.api.quantity.QuantityFormatException;
import io.kubra.apiserver.cel.Function.Arg;
import io.kubra.apiserver.cel.Function.Overload;
import java.math.BigDecimal;
import java.util.List;

/** The quantity library: reading, comparing and calculating. */
final class QuantityFunctions {
  private static final CelType TYPE = OpaqueType.create("kubernetes.Quantity");
  private static final Arg QUANTITY = new Arg(TYPE, Quantity.class);
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);

  static final List<Function> ALL =
      List.of(
          text("quantity", TYPE, a -> parse((String) a[0])),
          text("isQuantity", SimpleType.BOOL, a -> Quantity.tryParse((String) a[0]) != null),
          one("sign", SimpleType.INT, a -> (long) of(a).signum()),
          one("isInteger", SimpleType.BOOL, a -> isInteger(of(a))),
          one("asInteger", SimpleType.INT, a -> asInteger(of(a))),
          one("asApproximateFloat", SimpleType.DOUBLE, a -> of(a).amount().doubleValue()),
          Function.of(
              "add",
              two("add", TYPE, a -> of(a).add((Quantity) a[1])),
              withInt("add", a -> of(a).add(whole(a)))),
          Function.of(
              "sub",
              two("sub", TYPE, a -> of(a).subtract((Quantity) a[1])),
              withInt("sub", a -> of(a).subtract(whole(a)))));

  /** Those that quantities and versions have in common. */
  static final List<Overload> COMPARISONS =
      List.of(
          two("isGreaterThan", SimpleType.BOOL, a -> compare(a) > 0),
          two("isLessThan", SimpleType.BOOL, a -> compare(a) < 0),
          two("compareTo", SimpleType.INT, a -> (long) Integer.signum(compare(a))));

  private QuantityFunctions() {}

  private static Function text(String name, CelType result, CelFunctionOverload code) {
    return Function.of(
        name, Function.global("string_to_" + name, result, List.of(Arg.STRING), code));
  }

  private static Function one(String name, CelType result, CelFunctionOverload code) {
    return Function.of(name, Function.member("quantity_" + name, result, List.of(QUANTITY), code));
  }

  private static Overload two(String name, CelType result, CelFunctionOverload code) {
    return Function.member("quantity_" + name, result, List.of(QUANTITY, QUANTITY), code);
  }

  private static Overload withInt(String name, CelFunctionOverload code) {
    return Function.member("quantity_" + name + "_int", TYPE, List.of(QUANTITY, Arg.INT), code);
  }

  private static Quantity of(Object[] arguments) {
    return (Quantity) arguments[0];
  }

  private static Quantity whole(Object[] arguments) {
    return Quantity.of((Long) arguments[1], of(arguments).format());
  }

  private static Quantity parse(String text) throws CelEvaluationException {
    try {
      return Quantity.parse(text);
    } catch (QuantityFormatException e) {
      throw new CelEvaluationException(e.message(), e);
    }
  }

  private static boolean isInteger(Quantity quantity) {
    BigDecimal amount = quantity.amount();
    return amount.stripTrailingZeros().scale() <= 0
        && amount.compareTo(MOST) <= 0
        && amount.compareTo(LEAST) >= 0;
  }

  private static long asInteger(Quantity quantity) throws CelEvaluationException {
    if (!isInteger(quantity)) {
      throw new CelEvaluationException("cannot convert value to integer");
    }
    return quantity.amount().longValueExact();
  }

  private static int compare(Object[] quantities) {
    return of(quantities).compareTo((Quantity) quantities[1]);
  }
}
