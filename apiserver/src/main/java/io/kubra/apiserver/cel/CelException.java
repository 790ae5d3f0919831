package io.kubra.apiserver.cel;

/** An expression cannot be compiled or evaluated; the message says why. */
public final class CelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CelException(String message) {
    super(message, null, false, false);
  }

  /** The message, never null. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
