package io.kubra.apiserver.cel;

import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What calls cost at most, after upstream's model. As it decides which rules may be written, it
 * must not become stricter.
 */
final class CallEstimates {
  private static final double TRAVERSAL = 0.1;
  private static final double REGEX = 0.25;

  /** The bytes of an address. */
  private static final CostRange ADDRESS = new CostRange(4, 16);

  private CallEstimates() {}

  /**
   * The cost of a call without that of its arguments.
   *
   * @param resultSize how large the result is, null if that is not known from the arguments
   */
  record Estimate(CostRange cost, @Nullable CostRange resultSize) {
    static Estimate of(CostRange cost) {
      return new Estimate(cost, null);
    }
  }

  /**
   * Estimates a call.
   *
   * @param sizes of the arguments, the target first
   * @param itemSize of the first argument, if it is a list
   */
  static Estimate of(
      String function, List<CostRange> sizes, List<CelType> types, CostRange itemSize) {
    CostRange first = sizes.isEmpty() ? CostRange.ZERO : sizes.getFirst();
    CostRange second = sizes.size() > 1 ? sizes.get(1) : CostRange.ZERO;
    return switch (function) {
      case "check" -> Estimate.of(CostRange.fixed(CallCosts.fixed(function)));
      case "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_" ->
          Estimate.of(traversal(first.smaller(second)));
      case "_+_" -> addition(first, second, types.getFirst());
      case "@in" -> Estimate.of(types.get(1).kind() == CelKind.MAP ? CostRange.ONE : second);
      case "matches" -> Estimate.of(regex(first, second));
      case "find", "findAll" -> new Estimate(regex(first, second), CostRange.upTo(first.max()));
      case "contains" -> Estimate.of(traversal(first).times(traversal(second)));
      case "startsWith", "endsWith" -> Estimate.of(traversal(second));
      case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" ->
          Estimate.of(elements(first, types.getFirst(), itemSize));
      case "lowerAscii", "upperAscii", "substring", "trim" -> new Estimate(traversal(first), first);
      case "replace" ->
          new Estimate(first.times(2 * TRAVERSAL), replaced(first, second, sizes.get(2)));
      case "split" -> new Estimate(first.times(2 * TRAVERSAL), CostRange.upTo(first.max()));
      case "join" -> joined(first, itemSize, second);
      case "url", "quantity", "isQuantity", "cidr", "isIP", "isCIDR", "semver", "isSemver" ->
          Estimate.of(traversal(first));
      case "ip" ->
          Estimate.of(types.getFirst().kind() == CelKind.STRING ? traversal(first) : CostRange.ONE);
      case "ip.isCanonical" -> Estimate.of(first.times(2 * TRAVERSAL));
      case "containsIP" -> Estimate.of(contained(second, types, CostRange.ZERO));
      case "containsCIDR" ->
          Estimate.of(contained(second, types, traversal(ADDRESS).plus(CostRange.ONE)));
      case "validate" -> Estimate.of(traversal(second));
      case "format" -> new Estimate(traversal(first), first.plus(second));
      case "bytes", "string", "strings.quote" ->
          types.getFirst().kind() == CelKind.STRING || types.getFirst().kind() == CelKind.BYTES
              ? new Estimate(traversal(first), first)
              : Estimate.of(CostRange.ONE);
      default -> Estimate.of(CostRange.ONE);
    };
  }

  private static Estimate addition(CostRange a, CostRange b, CelType type) {
    CostRange size = a.plus(b);
    return switch (type.kind()) {
      case STRING, BYTES -> new Estimate(traversal(size), size);
      case LIST -> new Estimate(CostRange.ONE, size);
      default -> Estimate.of(CostRange.ONE);
    };
  }

  private static CostRange traversal(CostRange size) {
    return size.times(TRAVERSAL);
  }

  private static CostRange regex(CostRange text, CostRange expression) {
    return traversal(text.plus(CostRange.ONE)).times(expression.times(REGEX));
  }

  private static CostRange elements(CostRange size, CelType type, CostRange itemSize) {
    if (type.kind() != CelKind.LIST) {
      return traversal(size);
    }
    CelKind item = type.parameters().isEmpty() ? CelKind.DYN : type.parameters().getFirst().kind();
    boolean texts = item == CelKind.STRING || item == CelKind.BYTES;
    return size.times(texts ? CostRange.ONE.plus(traversal(itemSize)) : CostRange.ONE);
  }

  /** The smallest pieces replaced by the largest, as often as they fit. */
  private static CostRange replaced(CostRange text, CostRange piece, CostRange by) {
    if (piece.min() == 0) {
      long times = CostRange.sum(text.max(), 1);
      return CostRange.upTo(CostRange.sum(CostRange.product(times, by.max()), text.max()));
    }
    if (by.max() <= piece.min()) {
      return CostRange.upTo(text.max());
    }
    long times = (long) Math.ceil((double) text.max() / piece.min());
    return CostRange.upTo(CostRange.product(times, by.max()));
  }

  private static Estimate joined(CostRange list, CostRange item, CostRange separator) {
    CostRange between = new CostRange(Math.max(0, list.min() - 1), Math.max(0, list.max() - 1));
    CostRange size = list.times(item).plus(separator.times(between));
    return new Estimate(traversal(size), size);
  }

  private static CostRange contained(CostRange other, List<CelType> types, CostRange more) {
    CostRange cost = traversal(ADDRESS.plus(ADDRESS)).plus(more);
    return types.get(1).kind() == CelKind.STRING ? cost.plus(traversal(other)) : cost;
  }
}
