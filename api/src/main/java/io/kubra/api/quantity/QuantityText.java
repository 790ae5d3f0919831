package io.kubra.api.quantity;

import io.kubra.api.quantity.Quantity.Format;
import java.math.BigDecimal;
import java.math.BigInteger;

/** A quantity's text taken apart: sign, amount without its sign, and format. */
record QuantityText(boolean negative, BigDecimal amount, Format format) {
  private static final int EXPONENT_LIMIT = 400;
  private static final int DIGITS = 400;

  /** A power of ten that no exponent brings back to where it makes a difference. */
  private static final int FAR = 2_000;

  static QuantityText split(String text) {
    int at = 0;
    int end = text.length();
    boolean negative = false;
    if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      negative = text.charAt(at++) == '-';
    }
    int start = at;
    int digits = 0;
    int dot = -1;
    for (; at < end; at++) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && dot < 0) {
        dot = at;
      } else {
        break;
      }
    }
    if (digits == 0) {
      throw QuantityFormatException.format();
    }
    String number = text.substring(start, at);
    int suffixStart = at;
    while (at < end && "eEinumkKMGTP".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      at++;
    }
    while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at < end) {
      throw QuantityFormatException.format();
    }
    BigDecimal value =
        dot < 0 && digits <= 18 ? BigDecimal.valueOf(Long.parseLong(number)) : decimal(number);
    return scaled(negative, value, text.substring(suffixStart));
  }

  /**
   * Reading many digits takes time by their square. Only so many count: what follows can do no more
   * than make the value a little larger, and it is rounded up.
   */
  private static BigDecimal decimal(String number) {
    if (number.length() <= DIGITS) {
      return new BigDecimal(number.endsWith(".") ? number + "0" : number);
    }
    int dot = number.indexOf('.');
    String digits = dot < 0 ? number : number.substring(0, dot) + number.substring(dot + 1);
    long scale = dot < 0 ? 0 : number.length() - dot - 1L;
    int first = 0;
    while (first < digits.length() && digits.charAt(first) == '0') {
      first++;
    }
    int last = Math.min(digits.length(), first + DIGITS);
    if (first == last) {
      return BigDecimal.ZERO;
    }
    BigInteger value = new BigInteger(digits.substring(first, last));
    if (digits.chars().skip(last).anyMatch(c -> c != '0')) {
      value = value.add(BigInteger.ONE);
    }
    scale -= digits.length() - last;
    return new BigDecimal(value, (int) Math.clamp(scale, -FAR, FAR));
  }

  private static QuantityText scaled(boolean negative, BigDecimal value, String suffix) {
    if (suffix.isEmpty()) {
      return new QuantityText(negative, value, Format.DECIMAL_SI);
    }
    if (suffix.length() == 2 && suffix.charAt(1) == 'i') {
      int power = "KMGTPE".indexOf(suffix.charAt(0)) + 1;
      if (power == 0) {
        throw QuantityFormatException.suffix();
      }
      return new QuantityText(
          negative,
          value.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(power * 10))),
          Format.BINARY_SI);
    }
    if (suffix.length() == 1) {
      int step = "num.kMGTPE".indexOf(suffix.charAt(0));
      if (step < 0) {
        throw QuantityFormatException.suffix();
      }
      return new QuantityText(negative, value.scaleByPowerOfTen((step - 3) * 3), Format.DECIMAL_SI);
    }
    if (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E') {
      return new QuantityText(
          negative, value.scaleByPowerOfTen(exponent(suffix)), Format.DECIMAL_EXPONENT);
    }
    throw QuantityFormatException.suffix();
  }

  /** Far exponents give zero or the cap anyway; the limit keeps the arithmetic small. */
  private static int exponent(String suffix) {
    try {
      long exponent = Long.parseLong(suffix.substring(1));
      return (int) Math.clamp(exponent, -EXPONENT_LIMIT, EXPONENT_LIMIT);
    } catch (NumberFormatException e) {
      throw QuantityFormatException.suffix();
    }
  }

  static String decimalSuffix(int exponent) {
    return switch (exponent) {
      case -9 -> "n";
      case -6 -> "u";
      case -3 -> "m";
      case 0 -> "";
      case 3 -> "k";
      case 6 -> "M";
      case 9 -> "G";
      case 12 -> "T";
      case 15 -> "P";
      case 18 -> "E";
      default -> "e" + exponent;
    };
  }

  static String binarySuffix(int power) {
    return power == 0 ? "" : "KMGTPE".charAt(power / 10 - 1) + "i";
  }
}
