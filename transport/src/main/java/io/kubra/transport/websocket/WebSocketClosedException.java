package io.kubra.transport.websocket;

/** A message was sent on a WebSocket that has ended. */
public final class WebSocketClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public WebSocketClosedException(String message) {
    super(message);
  }
}
