package io.kubra.client;

/** Carries requests to an API server. Implementations are safe for use by many threads. */
public interface ApiTransport extends AutoCloseable {
  /**
   * Sends a request and waits for the head of the response.
   *
   * @throws java.io.UncheckedIOException if the server could not be reached or went away
   */
  ApiResponse send(ApiRequest request);

  @Override
  void close();
}
