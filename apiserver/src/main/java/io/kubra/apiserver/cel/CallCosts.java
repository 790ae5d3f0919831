package io.kubra.apiserver.cel;

import dev.cel.common.values.CelByteString;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What calls cost when they are evaluated, after upstream's model. */
final class CallCosts {
  /** What one character costs. */
  private static final double TRAVERSAL = 0.1;

  /** What one character of a regular expression costs for each character of the text. */
  private static final double REGEX = 0.25;

  /** So that an expression can check authorisation twice. */
  private static final long AUTHORIZATION = 350_000;

  private static final Set<String> SIZED =
      Set.of(
          "_==_",
          "_!=_",
          "_<_",
          "_<=_",
          "_>_",
          "_>=_",
          "_+_",
          "@in",
          "matches",
          "contains",
          "startsWith",
          "endsWith",
          "isSorted",
          "sum",
          "max",
          "min",
          "indexOf",
          "lastIndexOf",
          "url",
          "lowerAscii",
          "upperAscii",
          "substring",
          "trim",
          "replace",
          "split",
          "join",
          "find",
          "findAll",
          "ip",
          "cidr",
          "isIP",
          "isCIDR",
          "ip.isCanonical",
          "containsIP",
          "containsCIDR",
          "quantity",
          "isQuantity",
          "semver",
          "isSemver",
          "validate",
          "bytes",
          "string",
          "format",
          "strings.quote");

  private CallCosts() {}

  static boolean dependsOnArguments(String function) {
    return SIZED.contains(function);
  }

  static long fixed(String function) {
    return function.equals("check") ? AUTHORIZATION : 1;
  }

  /** The cost of a call with these arguments; those that were not evaluated are null. */
  static long of(String function, @Nullable Object[] args, @Nullable Object result) {
    double first = args.length > 0 ? size(args[0]) : 0;
    double second = args.length > 1 ? size(args[1]) : 0;
    return switch (function) {
      case "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_" -> traversal(Math.min(first, second));
      case "_+_" ->
          args[0] instanceof String || args[0] instanceof CelByteString
              ? traversal(first + second)
              : 1;
      case "@in" -> args[1] instanceof Map ? 1 : (long) second;
      case "matches", "find", "findAll" -> traversal(1 + first) * (long) Math.ceil(second * REGEX);
      case "contains" -> traversal(first) * traversal(second);
      case "startsWith", "endsWith" -> traversal(second);
      case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> elements(args[0]);
      case "replace", "split", "ip.isCanonical" -> traversal(2 * first);
      case "join" -> traversal(2 * size(result));
      case "containsIP" ->
          traversal(2 * first) + (args[1] instanceof String ? traversal(second) : 0);
      case "containsCIDR" ->
          traversal(2 * first)
              + traversal(first)
              + 1
              + (args[1] instanceof String ? traversal(second) : 0);
      case "validate" -> traversal(second);
      default -> args.length > 0 && args[0] instanceof String ? traversal(first) : 1;
    };
  }

  private static long traversal(double size) {
    return (long) Math.ceil(size * TRAVERSAL);
  }

  /** Once through a list, and through its texts; or once through a text. */
  private static long elements(@Nullable Object value) {
    if (!(value instanceof Collection<?> list)) {
      return traversal(size(value));
    }
    long cost = 0;
    for (Object item : list) {
      cost += item instanceof String ? 1 + traversal(size(item)) : 1;
    }
    return cost;
  }

  private static double size(@Nullable Object value) {
    return switch (value) {
      case String s -> s.codePointCount(0, s.length());
      case CelByteString bytes -> bytes.size();
      case Collection<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case Network network -> network.size();
      case null, default -> 1;
    };
  }

  /** An address or block, which has a size. */
  interface Network {
    /** In bytes. */
    int size();
  }
}
