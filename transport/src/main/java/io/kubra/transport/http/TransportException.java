package io.kubra.transport.http;

/** No response could be had: the connection, the protocol or the wait failed. */
public class TransportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public TransportException(String message) {
    super(message);
  }

  /** With a message for people and what caused it. */
  public TransportException(String message, Throwable cause) {
    super(message, cause);
  }
}
