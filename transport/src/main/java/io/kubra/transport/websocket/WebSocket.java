package io.kubra.transport.websocket;

import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket. One thread receives; any thread sends. Pings are answered and fragments joined
 * inside. Sending blocks for a slow peer and throws {@link WebSocketClosedException} after the end.
 */
public interface WebSocket extends AutoCloseable {
  /** A complete message. */
  sealed interface Frame {
    /** A text message. */
    record Text(String text) implements Frame {}

    /** A binary message. */
    record Binary(byte[] bytes) implements Frame {}
  }

  /** The subprotocol agreed on; empty for none. */
  String subprotocol();

  /** Waits for the next message; null when the connection has ended, in whatever way. */
  @Nullable Frame receive();

  /** Sends the chunks as one binary message. The arrays must not change afterwards. */
  void sendBinary(byte[]... chunks);

  /** Sends a text message. */
  void sendText(String text);

  /** Sends a ping. */
  void ping();

  /** Says goodbye with a status code and a reason, and closes. Does nothing the second time. */
  void close(int code, String reason);

  /** Closes with code 1000. */
  @Override
  default void close() {
    close(1000, "");
  }

  /** The status code with which the peer closed; 1006 when it vanished, -1 while open. */
  int closeCode();
}
