package io.kubra.transport.http;

import java.io.IOException;
import java.io.InputStream;

/**
 * A response whose body is still arriving. Closing it before the end cancels the request; reading
 * to the end frees the connection. {@link #close} may be called by any thread and ends a blocked
 * read.
 */
public interface HttpClientResponse extends AutoCloseable {
  /** The status code. */
  int status();

  /** The headers. */
  HttpHeaders headers();

  /** {@code HTTP/1.1}, {@code HTTP/2} or, inside the process, {@code local}. */
  String protocol();

  /** The body. Reading blocks; the server is held back while nobody reads. */
  InputStream body();

  /**
   * Reads the rest of the body and closes the response.
   *
   * @throws TransportException when the body breaks off
   */
  default byte[] bytes() {
    try (this;
        InputStream in = body()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new TransportException("the response broke off: " + e.getMessage(), e);
    }
  }

  /** Cancels what has not arrived yet. Does nothing when the body was read to its end. */
  @Override
  void close();
}
