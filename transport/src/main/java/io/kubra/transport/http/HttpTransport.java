package io.kubra.transport.http;

/** Sends requests and returns responses: over the network, or inside the process. */
@FunctionalInterface
public interface HttpTransport {
  /**
   * Sends a request and waits for the response's status and headers. The caller closes the
   * response.
   *
   * @throws TransportException when there is no response
   */
  HttpClientResponse send(HttpRequest request);
}
