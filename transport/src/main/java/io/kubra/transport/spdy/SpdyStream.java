package io.kubra.transport.spdy;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * One stream: two directions that end independently. Each may be used by a thread of its own; both
 * honour the peer's flow control.
 */
public interface SpdyStream extends AutoCloseable {
  /** The stream's number on its connection. */
  int id();

  /** The headers it was opened with; names in lower case. */
  Map<String, String> headers();

  /** What the peer sends. A reset by the peer, or its goodbye, reads as the end. */
  InputStream in();

  /** What the peer gets, sent at once; closing it half-closes the stream. */
  OutputStream out();

  /** Half-closes: tells the peer that nothing more will come. */
  void closeWrite();

  /** Breaks the stream off in both directions. */
  void reset();

  /** Half-closes and drops whatever else the peer sends. */
  @Override
  void close();
}
