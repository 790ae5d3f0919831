package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionOverload;
import io.kubra.api.quantity.Quantity;
import io.kubra.api.quantity.QuantityFormatException;
import java.util.List;

/** The quantity library: quantity, isQuantity, isGreaterThan, isLessThan, compareTo. */
final class QuantityFunctions {
  private static final CelType DYN = SimpleType.DYN;

  static final List<Function> ALL =
      List.of(
          text("quantity", DYN, a -> parse((String) a[0])),
          text("isQuantity", SimpleType.BOOL, a -> isQuantity((String) a[0])),
          two("isGreaterThan", SimpleType.BOOL, a -> compare(a) > 0),
          two("isLessThan", SimpleType.BOOL, a -> compare(a) < 0),
          two("compareTo", SimpleType.INT, a -> (long) Integer.signum(compare(a))));

  private QuantityFunctions() {}

  private static Function text(String name, CelType result, CelFunctionOverload code) {
    return Function.of(
        name,
        new Function.Overload(
            "string_to_" + name,
            false,
            result,
            List.of(SimpleType.STRING),
            List.of(String.class),
            code));
  }

  private static Function two(String name, CelType result, CelFunctionOverload code) {
    return Function.of(
        name,
        new Function.Overload(
            "quantity_" + name,
            true,
            result,
            List.of(DYN, DYN),
            List.of(Quantity.class, Quantity.class),
            code));
  }

  private static Quantity parse(String text) throws CelEvaluationException {
    try {
      return Quantity.parse(text);
    } catch (QuantityFormatException e) {
      throw new CelEvaluationException(e.message());
    }
  }

  private static boolean isQuantity(String text) {
    try {
      Quantity.parse(text);
      return true;
    } catch (QuantityFormatException e) {
      return false;
    }
  }

  private static int compare(Object[] quantities) {
    return ((Quantity) quantities[0]).compareTo((Quantity) quantities[1]);
  }
}
