package io.kubra.apiserver.cel;

/** An expression cannot be compiled or evaluated; the message says why. */
public final class CelException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final boolean outOfBudget;

  public CelException(String message) {
    this(message, false);
  }

  private CelException(String message, boolean outOfBudget) {
    super(message, null, false, false);
    this.outOfBudget = outOfBudget;
  }

  static CelException outOfBudget(String message) {
    return new CelException(message, true);
  }

  /** The message, never null. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** Whether the evaluation was ended because it had become too expensive. */
  public boolean isOutOfBudget() {
    return outOfBudget;
  }
}
