package io.kubra.transport.http;

/** Answers requests. Called on a virtual thread, one per request; may block as it likes. */
@FunctionalInterface
public interface HttpHandler {
  /**
   * Answers one request. When this returns, the exchange is over: an open response stream is
   * finished, an upgraded connection is closed.
   *
   * @throws Exception any failure; it becomes a 500 answer if nothing was sent yet, else the stream
   *     is reset so that the client sees a broken response instead of a short one
   */
  void handle(HttpExchange exchange) throws Exception;
}
