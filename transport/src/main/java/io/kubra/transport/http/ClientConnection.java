package io.kubra.transport.http;

/** A connection of the client that can carry requests. */
sealed interface ClientConnection permits Http1Client, Http2Client {
  /** Takes one of the connection's places for a request; false when there is none (any more). */
  boolean reserve();

  /** Whether it has carried requests before, so that it may be stale. */
  boolean used();

  /** Sends a request in a reserved place, on the caller's thread. */
  ClientCall start(HttpRequest request);

  /** Closes at once. */
  void close();
}
