package io.kubra.model;

/** A value that is written as a number or as a string, such as a port or a percentage. */
public sealed interface IntOrString {
  /** A number. */
  record Int(int value) implements IntOrString {
    @Override
    public String toString() {
      return Integer.toString(value);
    }
  }

  /** A string. */
  record Text(String value) implements IntOrString {
    @Override
    public String toString() {
      return value;
    }
  }

  /** The number as a value. */
  static IntOrString of(int value) {
    return new Int(value);
  }

  /** The string as a value. */
  static IntOrString of(String value) {
    return new Text(value);
  }

  /**
   * The number meant, where a percentage such as {@code 25%} is taken of {@code total}.
   *
   * @throws NumberFormatException if the string is no percentage
   */
  default int scaled(int total, boolean roundUp) {
    return switch (this) {
      case Int i -> i.value;
      case Text t -> {
        if (!t.value.endsWith("%")) {
          throw new NumberFormatException("not a percentage: " + t.value);
        }
        long percent = Integer.parseInt(t.value.substring(0, t.value.length() - 1));
        long product = percent * total;
        yield (int) (roundUp ? Math.ceilDiv(product, 100L) : Math.floorDiv(product, 100L));
      }
    };
  }
}
