package io.kubra.transport.http;

import java.io.InputStream;

/** The body of a request to send. */
public sealed interface RequestBody {
  /** No body. */
  RequestBody EMPTY = new Bytes(new byte[0]);

  /** A body held in memory; it can be sent again when a pooled connection turns out to be dead. */
  record Bytes(byte[] content) implements RequestBody {}

  /**
   * A body read while it is sent, once.
   *
   * @param length the number of bytes, or -1 when not known
   */
  record Streaming(InputStream content, long length) implements RequestBody {}

  /** A body held in memory. The array is not copied and must not change afterwards. */
  static RequestBody of(byte[] content) {
    return new Bytes(content);
  }

  /** A body read from a stream while it is sent. */
  static RequestBody of(InputStream content) {
    return new Streaming(content, -1);
  }
}
