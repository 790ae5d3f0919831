package io.kubra.transport.http;

/** No connection could be made; the server has seen nothing of the request. */
public class ConnectionFailedException extends TransportException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public ConnectionFailedException(String message) {
    super(message);
  }

  /** With a message for people and what caused it. */
  public ConnectionFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
