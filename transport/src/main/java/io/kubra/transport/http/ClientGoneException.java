package io.kubra.transport.http;

/** The client went away; nobody waits for the rest of the answer. */
public final class ClientGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public ClientGoneException(String message) {
    super(message);
  }

  /** With a message for people and what caused it. */
  public ClientGoneException(String message, Throwable cause) {
    super(message, cause);
  }
}
