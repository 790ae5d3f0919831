package io.kubra.client;

import io.kubra.transport.websocket.WebSocket;
import java.util.List;

/** Carries requests to an API server. Implementations are safe for use by many threads. */
public interface ApiTransport extends AutoCloseable {
  /**
   * Sends a request and waits for the head of the response.
   *
   * @throws java.io.UncheckedIOException if the server could not be reached or went away
   */
  ApiResponse send(ApiRequest request);

  /**
   * Opens a WebSocket, as exec and attach want one.
   *
   * @param target the path with its query, already encoded
   * @param subprotocols what to offer, most wanted first
   * @throws io.kubra.api.status.ApiException if the server refuses
   * @throws UnsupportedOperationException if there are no sockets to open one on
   */
  WebSocket webSocket(String target, List<String> subprotocols);

  /** The server's host and port, or {@code local}, for metrics. */
  default String host() {
    return "local";
  }

  @Override
  void close();
}
