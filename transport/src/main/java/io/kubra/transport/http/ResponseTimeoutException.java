package io.kubra.transport.http;

/** The response's headers did not arrive in time. */
public final class ResponseTimeoutException extends TransportException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public ResponseTimeoutException(String message) {
    super(message);
  }

  /** With a message for people and what caused it. */
  public ResponseTimeoutException(String message, Throwable cause) {
    super(message, cause);
  }
}
