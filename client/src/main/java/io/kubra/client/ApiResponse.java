package io.kubra.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What the API answered; close it, also to end a stream early. */
public interface ApiResponse extends AutoCloseable {
  /** The HTTP status code. */
  int status();

  /** The first value of a header, or empty. */
  String header(String name);

  /** The body as it arrives. */
  InputStream body();

  /** The whole body. */
  default byte[] readAll() {
    try (InputStream in = body()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  void close();
}
