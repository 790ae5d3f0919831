package io.kubra.apiserver.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.SimpleType;
import io.kubra.apiserver.cel.Function.Arg;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When values are equal: as in CEL, but lists whose items are told apart by their values or keys
 * are equal in any order.
 */
final class ValueEquality {
  private static final Arg ANY = new Arg(SimpleType.DYN, Object.class);

  static final Function EQUALS =
      Function.of(
          "_==_",
          Function.global("equals", SimpleType.BOOL, List.of(ANY, ANY), a -> equal(a[0], a[1])));

  static final Function NOT_EQUALS =
      Function.of(
          "_!=_",
          Function.global(
              "not_equals", SimpleType.BOOL, List.of(ANY, ANY), a -> !equal(a[0], a[1])));

  private ValueEquality() {}

  static boolean equal(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return equalNumbers(x, y);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return x.size() == y.size() && equalLists(x, y);
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return x.size() == y.size() && equalMaps(x, y);
    }
    if (a instanceof Optional<?> x && b instanceof Optional<?> y) {
      return x.isPresent() == y.isPresent() && (x.isEmpty() || equal(x.get(), y.get()));
    }
    return a == null ? b == null : a.equals(b);
  }

  /** Numbers are equal whatever their types; what is not a number is equal to nothing. */
  private static boolean equalNumbers(Number a, Number b) {
    if (a instanceof Long x && b instanceof Long y) {
      return x.longValue() == y.longValue();
    }
    if (a instanceof Double x && b instanceof Double y) {
      return x.doubleValue() == y.doubleValue();
    }
    boolean finite = Double.isFinite(a.doubleValue()) && Double.isFinite(b.doubleValue());
    return finite && exact(a).compareTo(exact(b)) == 0;
  }

  private static BigDecimal exact(Number number) {
    return switch (number) {
      case Double d -> new BigDecimal(d);
      case UnsignedLong n -> new BigDecimal(n.bigIntegerValue());
      default -> BigDecimal.valueOf(number.longValue());
    };
  }

  private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b) {
    for (Map.Entry<?, ?> entry : a.entrySet()) {
      Object other = b.get(entry.getKey());
      if (other == null || !equal(entry.getValue(), other)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalLists(List<?> a, List<?> b) {
    ListValue.Identity identity =
        a instanceof ListValue x && !(x.identity() instanceof ListValue.Identity.Place)
            ? x.identity()
            : b instanceof ListValue y ? y.identity() : new ListValue.Identity.Place();
    return switch (identity) {
      case ListValue.Identity.Place() -> {
        for (int i = 0; i < a.size(); i++) {
          if (!equal(a.get(i), b.get(i))) {
            yield false;
          }
        }
        yield true;
      }
      case ListValue.Identity.Value() ->
          a.stream().allMatch(x -> b.stream().anyMatch(y -> equal(x, y)));
      case ListValue.Identity.Keys(List<String> keys) ->
          a.stream().allMatch(x -> b.stream().anyMatch(y -> sameKeys(keys, x, y) && equal(x, y)));
    };
  }

  private static boolean sameKeys(List<String> keys, Object a, Object b) {
    return a instanceof Map<?, ?> x
        && b instanceof Map<?, ?> y
        && keys.stream().allMatch(key -> equal(x.get(key), y.get(key)));
  }
}
