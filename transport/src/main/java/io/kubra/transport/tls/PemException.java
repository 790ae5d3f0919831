package io.kubra.transport.tls;

/** Text that should hold PEM does not, or not what was asked for. */
public final class PemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public PemException(String message) {
    super(message);
  }

  /** With a message for people and what caused it. */
  public PemException(String message, Throwable cause) {
    super(message, cause);
  }
}
