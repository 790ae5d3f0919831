package io.kubra.api.quantity;

/** The text is not a quantity. */
public final class QuantityFormatException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  QuantityFormatException(String message) {
    super(message);
  }

  static QuantityFormatException format() {
    return new QuantityFormatException(
        "quantities must match the regular expression"
            + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  }

  static QuantityFormatException suffix() {
    return new QuantityFormatException("unable to parse quantity's suffix");
  }

  /** The message, never null. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
