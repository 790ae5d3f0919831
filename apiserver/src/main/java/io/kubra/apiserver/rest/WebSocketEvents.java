package io.kubra.apiserver.rest;

import io.kubra.transport.http.ClientGoneException;
import io.kubra.transport.http.ResponseStream;
import io.kubra.transport.websocket.WebSocket;
import io.kubra.transport.websocket.WebSocketClosedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A watch's events over a WebSocket: JSON as text messages, protobuf as binary ones without the
 * length that separates the events of a plain stream. What the client sends is ignored.
 */
final class WebSocketEvents implements ResponseStream {
  private static final int LENGTH_PREFIX = 4;

  private final WebSocket socket;
  private final boolean text;

  /**
   * Sends to the socket until either end closes it.
   *
   * @param text whether events are JSON
   * @param onClose called when the client is gone
   */
  WebSocketEvents(WebSocket socket, boolean text, Runnable onClose) {
    this.socket = socket;
    this.text = text;
    Thread.ofVirtual()
        .name("watch-websocket")
        .start(
            () -> {
              while (socket.receive() != null) {
                // receiving answers pings and notices the end
              }
              onClose.run();
            });
  }

  @Override
  public void write(byte[]... events) {
    try {
      for (byte[] event : events) {
        if (text) {
          socket.sendText(new String(event, StandardCharsets.UTF_8));
        } else {
          socket.sendBinary(Arrays.copyOfRange(event, LENGTH_PREFIX, event.length));
        }
      }
    } catch (WebSocketClosedException e) {
      throw new ClientGoneException("the WebSocket was closed", e);
    }
  }

  @Override
  public void write(ByteBuffer event) {
    byte[] bytes = new byte[event.remaining()];
    event.get(bytes);
    write(bytes);
  }

  @Override
  public void flush() {
    // every message is sent at once
  }

  @Override
  public void close() {
    socket.close();
  }

  @Override
  public void abort() {
    socket.close(1011, "");
  }
}
