package io.kubra.transport.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A response body being sent. Bytes collect until {@link #flush} or until there are enough for a
 * write; a slow client blocks the writer. One thread at a time.
 */
public interface ResponseStream extends AutoCloseable {
  /**
   * Adds bytes. The arrays are not copied and must not change afterwards.
   *
   * @throws ClientGoneException when the client went away
   */
  void write(byte[]... chunks);

  /** Adds the remaining bytes of a buffer, which must not change afterwards. */
  void write(ByteBuffer chunk);

  /** Sends what was written so far, and the headers if they have not been sent. */
  void flush();

  /** Sends what was written so far and ends the response. Does nothing the second time. */
  @Override
  void close();

  /** Breaks the response off, so that the client sees an error and not an end. */
  void abort();

  /** This stream as a plain output stream, which copies what it is given. */
  default OutputStream asOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int b) {
        ResponseStream.this.write(new byte[] {(byte) b});
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        byte[] copy = new byte[length];
        System.arraycopy(bytes, offset, copy, 0, length);
        ResponseStream.this.write(copy);
      }

      @Override
      public void flush() {
        ResponseStream.this.flush();
      }

      @Override
      public void close() throws IOException {
        ResponseStream.this.close();
      }
    };
  }
}
