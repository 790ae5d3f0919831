package io.kubra.api.quantity;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * An exact amount such as {@code 500m} or {@code 2Gi}, with the format it was written in. Amounts
 * are rounded away from zero to nano units and capped at 2^63-1, as in the reference. Equality is
 * of the amount, not of the format. Immutable.
 */
public final class Quantity implements Comparable<Quantity> {
  /** How a quantity is written. */
  public enum Format {
    DECIMAL_SI,
    BINARY_SI,
    DECIMAL_EXPONENT
  }

  /** Nothing, in decimal format. */
  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI);

  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
  private static final int NANO = 9;

  private final BigDecimal amount;
  private final Format format;

  private Quantity(BigDecimal amount, Format format) {
    this.amount = amount;
    this.format = format;
  }

  /**
   * Reads a quantity.
   *
   * @throws QuantityFormatException with the reference's message if the text is none
   */
  public static Quantity parse(String text) {
    QuantityText parts = QuantityText.split(text);
    BigDecimal amount = parts.amount().abs();
    Format format = parts.format();
    if (amount.scale() > NANO) {
      amount = amount.setScale(NANO, RoundingMode.UP);
    }
    amount = amount.min(MAX);
    if (format == Format.BINARY_SI && amount.signum() > 0 && amount.compareTo(BigDecimal.ONE) < 0) {
      format = Format.DECIMAL_SI;
    }
    return new Quantity(parts.negative() ? amount.negate() : amount, format);
  }

  /** Reads a quantity, or gives null where {@link #parse} throws. */
  public static @Nullable Quantity tryParse(@Nullable String text) {
    try {
      return text == null ? null : parse(text);
    } catch (QuantityFormatException e) {
      return null;
    }
  }

  /** So many whole units. */
  public static Quantity of(long value, Format format) {
    return new Quantity(BigDecimal.valueOf(value), format);
  }

  /** So many thousandths, in decimal format. */
  public static Quantity ofMilli(long milli) {
    return new Quantity(BigDecimal.valueOf(milli, 3), Format.DECIMAL_SI);
  }

  /** The exact amount. */
  public BigDecimal amount() {
    return amount;
  }

  /** The format it is written in. */
  public Format format() {
    return format;
  }

  /** Thousandths, rounded away from zero; capped at the range of a long. */
  public long milli() {
    return scaled(3);
  }

  /** Whole units, rounded away from zero; capped at the range of a long. */
  public long value() {
    return scaled(0);
  }

  private long scaled(int digits) {
    BigInteger n =
        amount.scaleByPowerOfTen(digits).setScale(0, RoundingMode.UP).toBigIntegerExact();
    if (n.bitLength() > 63) {
      return n.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return n.longValue();
  }

  /** -1, 0 or 1. */
  public int signum() {
    return amount.signum();
  }

  /** The sum, in this quantity's format unless this is zero. */
  public Quantity add(Quantity other) {
    return new Quantity(amount.add(other.amount), signum() == 0 ? other.format : format);
  }

  /** The difference, in this quantity's format unless this is zero. */
  public Quantity subtract(Quantity other) {
    return new Quantity(amount.subtract(other.amount), signum() == 0 ? other.format : format);
  }

  /** The same amount with the other sign. */
  public Quantity negate() {
    return new Quantity(amount.negate(), format);
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Quantity q && amount.compareTo(q.amount) == 0;
  }

  @Override
  public int hashCode() {
    return amount.stripTrailingZeros().hashCode();
  }

  /** The canonical text: the largest suffix that needs no fraction. */
  @Override
  public String toString() {
    if (amount.signum() == 0) {
      return "0";
    }
    BigDecimal bare = amount.stripTrailingZeros();
    // as the reference, a fraction of a byte is shown in decimal rather than lost
    if (format == Format.BINARY_SI && bare.scale() <= 0 && amount.abs().compareTo(KIBI) >= 0) {
      return binary();
    }
    int exponent = Math.floorDiv(-bare.scale(), 3) * 3;
    String mantissa = bare.scaleByPowerOfTen(-exponent).toBigIntegerExact().toString();
    return mantissa
        + (format == Format.DECIMAL_EXPONENT
            ? exponent == 0 ? "" : "e" + exponent
            : QuantityText.decimalSuffix(exponent));
  }

  private String binary() {
    BigInteger n = amount.toBigIntegerExact();
    int times = Math.min(n.getLowestSetBit() / 10, 6);
    return n.shiftRight(times * 10) + QuantityText.binarySuffix(times * 10);
  }
}
